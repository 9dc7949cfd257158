/** How the page's code is cut into files, in both hosts. A budget in .size-limit.mjs watches each. */
export const chunkGroups = [
  // A library's file takes along what its own parts import; what all consoles share is not to be had
  // at the price of a library.
  { name: 'console-bytes', test: /consoles[\\/]joined-bytes\.ts$/, priority: 1 },
  // Named after the libraries that must stay out of the first load.
  { name: 'vnc', test: /node_modules[\\/]@novnc[\\/]/ },
  { name: 'rdp', test: /node_modules[\\/]@devolutions[\\/]/ },
  { name: 'xterm', test: /node_modules[\\/]@xterm[\\/]/ },
  {
    name: 'codemirror',
    test: /node_modules[\\/](@codemirror|@lezer|crelt|style-mod|w3c-keyname)[\\/]/,
  },
  // What most pages need comes in one piece: some forty small files cost a first visit more than the
  // few kilobytes that a page may not need of it. What fewer pages share, such as the fields of forms,
  // is no part of that: it would be in everyone's first load. It comes last, so that it gets what no other
  // group takes; Rolldown would take a negative priority for the highest.
  {
    name: 'shared',
    test: /patternfly|react|src[\\/](kube|web[\\/](ui|data|host))[\\/]/,
    minShareCount: 34,
  },
]

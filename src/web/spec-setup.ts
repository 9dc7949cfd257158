import { configure } from '@testing-library/react'

// What a component brings a moment later takes longer on a busy machine than the second given by default.
configure({ asyncUtilTimeout: 10_000 })

export const busWords: Record<string, string> = {
  virtio: 'VirtIO',
  scsi: 'SCSI',
  sata: 'SATA',
  usb: 'USB',
}

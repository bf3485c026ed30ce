// What the machine must have, by purpose. Each row: the Debian package, and what proves that it is there already,
// so that other distributions, and Debian's renamed packages (libasound2 / libasound2t64), are judged alike.

const electron = [
  { package: 'libgtk-3-0', library: 'libgtk-3.so.0' },
  { package: 'libnss3', library: 'libnss3.so' },
  { package: 'libasound2', library: 'libasound.so.2' },
  { package: 'libgbm1', library: 'libgbm.so.1' },
  { package: 'libusb-1.0-0', library: 'libusb-1.0.so.0' },
  { package: 'libnotify4', library: 'libnotify.so.4' },
];

const display = [{ package: 'xvfb', command: 'Xvfb' }];

const test = [
  { package: 'dbus', command: 'dbus-run-session' },
  { package: 'dbus-x11', command: 'dbus-launch' },
  { package: 'trayer', command: 'trayer' },
  { package: 'dunst', command: 'dunst' },
  { package: 'libnotify-bin', command: 'notify-send' },
  { package: 'imagemagick', command: 'import' },
  { package: 'x11-utils', command: 'xwininfo' },
  { package: 'xdotool', command: 'xdotool' },
  { package: 'openssh-server', command: 'sshd' },
  { package: 'openssh-client', command: 'ssh-keygen' },
  { package: 'openssl', command: 'openssl' },
  { package: 'sudo', command: 'sudo' },
  { package: 'nut-server', command: 'upsd' },
  { package: 'nut-client', command: 'upsc' },
  { package: 'libnss3-tools', command: 'certutil' },
  { package: 'gcc', command: 'gcc' },
  { package: 'libc6-dev', file: '/usr/include/stdio.h' },
  { package: 'iproute2', command: 'ip' },
  { package: 'iputils-ping', command: 'ping' },
  { package: 'ipmitool', command: 'ipmitool' },
  { package: 'openipmi', command: 'ipmi_sim' },
  { package: 'util-linux', command: 'unshare' },
  { package: 'procps', command: 'ps' },
  { package: 'tcsh', command: 'tcsh' },
  { package: 'expect', command: 'expect' },
  { package: 'busybox', command: 'busybox' },
  { package: 'libvirt-clients', command: 'virsh' },
  { package: 'libvirt-daemon', command: 'libvirtd' },
];

/** A virtual machine, and what its images are made with. */
const usb = [
  { package: 'qemu-system-x86', command: 'qemu-system-x86_64' },
  { package: 'cpio', command: 'cpio' },
  { package: 'xz-utils', command: 'xz' },
];

/** What Glidepath is measured beside. */
const rivals = [{ package: 'pssh', command: 'parallel-ssh' }];

export const systemPackages = {
  electron,
  display,
  test: [...electron, ...display, ...test],
  bench: [...electron, ...display, ...test, ...rivals],
  usb,
  unzip: [{ package: 'unzip', command: 'unzip' }],
};

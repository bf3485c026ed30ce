#!/bin/sh
# Starts the sshd of one scripted machine: first process of its own mount and PID namespaces, so that nothing in it
# reaches another process, and all of it ends with it. Its sessions see nothing but the machine's own root. The right to
# halt or to mount anything is taken from it.
#   enter.sh FOLDER
set -eu
folder=$1
[ "$$" = 1 ]
# OpenSSH takes a root for its sessions only where no folder above can be written by others, as in /tmp.
mount --bind "$folder/root" /mnt
: >/mnt/dev/null
mount --bind /dev/null /mnt/dev/null
mount --bind "$folder/root/etc/passwd" /etc/passwd
mount --bind "$folder/shadow" /etc/shadow
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/sshd
[ ! -e /proc/sysrq-trigger ] || mount --bind /dev/null /proc/sysrq-trigger
cd /
gone=-sys_boot,-sys_admin,-sys_module,-sys_rawio,-sys_time,-net_admin
exec setpriv --bounding-set "$gone" --inh-caps "$gone" -- /usr/sbin/sshd -D -e -f "$folder/sshd_config"

#!/bin/sh
# Starts the system of one rack host: first process of its own mount, PID and UTS namespaces, in its card's
# network namespace. Nothing said in it can reach the machine's power: the power commands are replaced at every
# path, the reboot system call is taken from it, and if that cannot be shown it does not start.
#   boot.sh HOST_FOLDER COMMON_FOLDER NAME
set -eu
host=$1 common=$2 name=$3

hostname "$name"
[ "$$" = 1 ]
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/rack /run/sshd /run/sudo /run/lock
mount --bind "$host" /run/rack
mount -t overlay -o "lowerdir=$common/usr:/usr" overlay /usr
for file in /run/rack/etc/*; do
  [ ! -e "/etc/${file##*/}" ] || mount --bind "$file" "/etc/${file##*/}"
done
for file in /run/rack/pam.d/*; do
  [ ! -e "/etc/pam.d/${file##*/}" ] || mount --bind "$file" "/etc/pam.d/${file##*/}"
done
mount --bind /run/rack/boot_id /proc/sys/kernel/random/boot_id
[ ! -e /proc/sysrq-trigger ] || mount --bind /dev/null /proc/sysrq-trigger
mount -t tmpfs -o mode=755 tmpfs /sys
mkdir -p /sys/class/net/eth0
ip -o link show dev eth0 | sed -n 's|.*link/ether \([0-9a-f:]*\) .*|\1|p' >/sys/class/net/eth0/address
mount -t tmpfs -o mode=700 tmpfs /root
mount -t tmpfs -o mode=755 tmpfs /home
mount -t tmpfs -o mode=1777 tmpfs /tmp
while IFS=: read -r _ _ uid gid _ home _; do
  case $home in /home/*) mkdir -m 700 "$home" && chown "$uid:$gid" "$home" ;; esac
done </etc/passwd

# What a session writes stays in its own memory.
mount -o remount,bind,ro /run/rack
mount -o remount,bind,ro /

cd /
for folder in /bin /sbin /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin; do
  for command in systemctl loginctl shutdown poweroff halt reboot init telinit wall; do
    [ ! -e "$folder/$command" ] || cmp -s "$folder/$command" /run/rack/rack-login || {
      echo "rack: $folder/$command is not replaced; not starting" >&2
      exit 97
    }
  done
done

gone=-sys_boot,-sys_admin,-sys_module,-sys_rawio,-sys_time,-net_admin
exec setpriv --bounding-set "$gone" --inh-caps "$gone" -- /bin/sh -eu -c '
  left=$(sed -n "s/^CapBnd:[[:space:]]*//p" /proc/self/status)
  effective=$(sed -n "s/^CapEff:[[:space:]]*//p" /proc/self/status)
  if [ $(((0x$left | 0x$effective) >> 22 & 1)) != 0 ]; then
    echo "rack: the right to reboot is still there; not starting" >&2
    exit 97
  fi
  exec /usr/sbin/sshd -D -e -f /run/rack/sshd_config'

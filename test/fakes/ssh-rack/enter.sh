# A mount namespace in which no power command is the real one, whatever path it is called by, and without the right to
# halt the machine. Arguments: the stand-in, the passwd file, then what is to be run.
set -e
stand_in=$1
passwd=$2
shift 2
for name in systemctl loginctl shutdown poweroff halt reboot init telinit sudo wall; do
  real=$(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin command -v "$name" || true)
  [ -z "$real" ] || mount --bind "$stand_in" "$real"
done
mount --bind "$passwd" /etc/passwd
mount --bind /dev/null /proc/sysrq-trigger 2>/dev/null || true
exec setpriv --bounding-set -sys_boot --inh-caps -sys_boot "$@"

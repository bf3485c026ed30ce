#!/bin/bash
# Stands for every power command inside a rack. Harmless: a wish to go down becomes one line in the rack's pipe.
at=$EPOCHREALTIME
name=${0##*/}
down() {
  local line
  printf -v line '%s\t%s\t%.600s\n' "${RACK_HOST:-?}" "$at" "$name $*"
  printf '%s\n' "$line" 1<>"$RACK_PIPE"
  exit 0
}
case $name in
  systemctl | loginctl)
    for word in "$@"; do
      case $word in
        poweroff | halt | reboot | kexec | soft-reboot) down "$@" ;;
        -*) ;;
        *) break ;;
      esac
    done
    ;;
  shutdown)
    for word in "$@"; do [ "$word" = -c ] && exit 0; done
    down "$@"
    ;;
  poweroff | halt | reboot) down "$@" ;;
  init | telinit) case ${1:-} in 0 | 6) down "$@" ;; esac ;;
esac
exit 0

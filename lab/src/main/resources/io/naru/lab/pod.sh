# Runs a command as a process of a pod. Arguments: the pod's cgroup.procs, its network namespace, the
# resolv.conf of its own if that file is there, the command.
set -eu
echo $$ >"$1"
namespace=$2 resolver=$3
shift 3
[ -e "$resolver" ] || exec nsenter "--net=$namespace" -- "$@"
[ -e /etc/resolv.conf ] || {
  echo "this host has no /etc/resolv.conf in whose place the pod's own could stand" >&2
  exit 1
}
# In a mount namespace that ends with the command; a symbolic link is followed.
exec nsenter "--net=$namespace" -- unshare --mount --propagation slave bash -euc '
  mount --bind "$0" /etc/resolv.conf
  exec "$@"' "$resolver" "$@"

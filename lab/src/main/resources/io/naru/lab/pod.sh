# Runs a command as a process of a pod. Arguments: the pod's cgroup.procs, its network namespace, the command.
set -eu
echo $$ >"$1"
namespace=$2
shift 2
exec nsenter "--net=$namespace" -- "$@"

# The first process of a lab's node: makes the node's own file systems, then reaps its orphans.
# Arguments: the node's name, and its directory in the lab's state.
set -eu
name=$1 state=$2

# /proc is still the host's here, so this is the number by which the host knows this process.
read -r -a stat </proc/self/stat
echo "${stat[0]} ${stat[21]}" >"$state/holder"

hostname "$name"
mount --bind "$state/var-lib-naru" /var/lib/naru
mount --bind "$state/etc-naru" /etc/naru
mount --bind "$state/etc-cni" /etc/cni
mount --bind "$state/opt-cni" /opt/cni
mount -t tmpfs -o mode=0700 naru /run/naru

# A new sysfs shows the node's own interfaces; the control groups move onto it.
mount --rbind /sys/fs/cgroup "$state/cgroup"
mount -t sysfs sysfs /sys
mount --move "$state/cgroup" /sys/fs/cgroup
mount -t bpf bpf /sys/fs/bpf
mount -t proc proc /proc

echo ready
exec >/dev/null
while :; do
  sleep infinity &
  wait $!
done

#!/bin/bash
# Stands in for the CNI plugin: a veth pair, and addresses from a counter of the node.
set -eu
configuration=$(cat)
number=$(hostname | tr -dc 0-9)
case $CNI_COMMAND in
ADD)
  [ ! -e /etc/naru/refuse-pods ] || { echo '{"code":11,"msg":"try again later","details":"told to refuse"}'; exit 1; }
  last=$(cat /var/lib/naru/last 2>/dev/null || echo 1)
  last=$((last + 1))
  echo $last >/var/lib/naru/last
  namespace=$(basename "$CNI_NETNS")
  link="veth$last"
  echo "$link" >"/var/lib/naru/$CNI_CONTAINERID"
  ip link add "$link" type veth peer name "$CNI_IFNAME" netns "$namespace"
  ip link set "$link" up
  ip addr add "10.244.$number.1/32" dev "$link"
  ip route add "10.244.$number.$last/32" dev "$link"
  ip -n "$namespace" link set "$CNI_IFNAME" up
  ip -n "$namespace" addr add "10.244.$number.$last/32" dev "$CNI_IFNAME"
  ip -n "$namespace" route add "10.244.$number.1/32" dev "$CNI_IFNAME"
  ip -n "$namespace" addr add "fd44:0:0:$number::$last/64" dev "$CNI_IFNAME" nodad
  ip -n "$namespace" route add default via "10.244.$number.1"
  echo "$configuration" >>/var/lib/naru/configurations
  dns=$(cat /etc/naru/dns 2>/dev/null || echo '{}')
  echo "{\"cniVersion\":\"1.0.0\",\"dns\":$dns,\"ips\":[{\"address\":\"10.244.$number.$last/24\"},{\"address\":\"fd44:0:0:$number::$last/64\"}]}"
  ;;
DEL)
  echo "$CNI_ARGS" >>/var/lib/naru/deleted
  link=$(cat "/var/lib/naru/$CNI_CONTAINERID" 2>/dev/null) && ip link del "$link" || true
  ;;
esac

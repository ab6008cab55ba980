package io.naru.core.diagnosis;

import java.util.List;

/** The texts behind {@code naru explain}, one a code. */
final class Explanations {
  static final List<Explanation> ALL =
      List.of(
          new Explanation(
              "address-altered",
              "An interface of Naru lacks an address that it should have, or has another one.",
              "The address differs from what should be.",
              "naru node resume NODE",
              "ip addr flush dev naru-vxlan"),
          new Explanation(
              "agent-down",
              "A node's agent does not run. Its kernel keeps what the agent made, so pods' packets pass as before; nothing repairs that, follows changes of the cluster, attaches pods or proves paths.",
              "The node's kernel refuses the probes' port in the pods' network, so packets get there and back; no agent answers, and no probe comes from there.",
              "Start it: systemctl restart naru-agent on that node. Its log says why it ended: journalctl -u naru-agent.",
              "an agent that was killed for want of memory"),
          new Explanation(
              "agent-port-blocked",
              "A firewall or security group drops the TCP port on which the agents talk. Pods are not hurt, but Naru learns less: each end knows only its own half.",
              "The agent's dial ends in silence, while other packets pass.",
              "Open the agents' TCP port (8472 unless the network's file says otherwise) between all nodes.",
              "TCP 172.26.50.12:8472 did not answer in 3 s: a firewall may drop it"),
          new Explanation(
              "audit-dropped",
              "A rule of a host's packet filter drops what the network needs between its nodes. Only files were read: no packet was seen.",
              "The rule itself, in iptables-save or nft -j list ruleset.",
              "Put an accept for the port before it.",
              "a default policy of drop without a rule for UDP 8472"),
          new Explanation(
              "audit-port-closed",
              "No rule of a security group lets in what the network needs between its nodes.",
              "The groups as aws ec2 describe-security-groups printed them.",
              "Add the rule that the verdict prints.",
              "a new node group whose security group lets in only SSH and the API"),
          new Explanation(
              "audit-some-nodes",
              "A rule lets the port in from one node group, and not from another.",
              "The rule names a source that is not all nodes.",
              "Add a rule for the other group.",
              "a second node pool, added a year later"),
          new Explanation(
              "audit-wrong-port",
              "A rule lets in another port than this network uses: VXLAN has two in use, 4789 and 8472.",
              "The rule's port.",
              "Let in the right port, or set the network to that one.",
              "4789 was opened, as the standard says, and Flannel sends to 8472"),
          new Explanation(
              "audit-wrong-protocol",
              "A rule lets the port in by TCP alone, and the tunnel needs UDP.",
              "The rule's protocol.",
              "Let in the same port by UDP.",
              "a form that offers TCP as its default"),
          new Explanation(
              "conntrack-full",
              "The kernel's table of connections is full on a node. What is known passes, and every new connection is dropped, so that all looks well to who is connected.",
              "The counter of connections that could not be tracked rises (drop in /proc/net/stat/nf_conntrack) while packets are lost in that node.",
              "Raise net.netfilter.nf_conntrack_max on the node, or find who opens so many connections (conntrack -L).",
              "a crawler in a pod with the default limit of 65,536 connections"),
          new Explanation(
              "direct-route-refused",
              "With direct routing the packets on the wire carry pods' addresses. Clouds check sources, and have no route for pod addresses, so they drop them.",
              "Bare pod packets leave one nic and do not reach the other; the nodes' own packets do.",
              "Switch the source/destination check off, or add routes, or use the tunnel (transport: vxlan).",
              "EC2 instances in one subnet with the source/destination check on"),
          new Explanation(
              "entry-surplus",
              "The kernel holds an entry with Naru's mark that nobody asked for: left over, or made by somebody else.",
              "It is in the kernel and not in what the store says.",
              "naru node resume NODE; where the agent does not run, start it.",
              "a node left the cluster while the agent was paused"),
          new Explanation(
              "fdb-missing",
              "The tunnel device has no forwarding entry for a peer's MAC address, so it does not know to which node's address to send.",
              "Packets are seen at the tunnel device and not at the nic; the entry is missing when compared with the store.",
              "naru node resume NODE lets the agent put it back.",
              "bridge fdb del by hand while the agent was paused"),
          new Explanation(
              "fdb-wrong",
              "The tunnel device sends a peer's packets to an address that is not the peer's.",
              "The entry differs from what the store says; packets leave for another address.",
              "naru node resume NODE",
              "bridge fdb replace with the address that the peer had before it moved"),
          new Explanation(
              "filter-altered",
              "Somebody changed Naru's own nftables table, or its rules in a chain of the host's that drops what comes in.",
              "They do not look as they did when they were made.",
              "naru node resume NODE",
              "nft flush chain inet naru postrouting_nat"),
          new Explanation(
              "forward-drop",
              "A node's forwarding drops pods' packets: a rule, or a chain's policy, of another program.",
              "A packet from a pod's own namespace gets no answer while the node's own do; a trace ends at the rule, or the counter of a rule of iptables-legacy rises.",
              "Remove the rule, or accept the pods' blocks before it.",
              "Docker sets the policy of FORWARD to drop"),
          new Explanation(
              "fragments-dropped",
              "The sender cuts large tunnel packets into fragments, and a hop drops those.",
              "IpFragCreates rises on the sender; full-size probes do not arrive.",
              "Set mtu in the network's file to what the way carries, less the tunnel's 50 bytes (70 over IPv6).",
              "a cloud firewall that drops fragments"),
          new Explanation(
              "host-input-drop",
              "The receiving node's own firewall drops the tunnel's packets.",
              "Packets are seen at its nic and not at its tunnel; a trace ends at the rule, or the counter of a rule of iptables-legacy rises.",
              "Remove the rule, or accept the tunnel's UDP port before it.",
              "ufw enable without a rule for UDP 8472"),
          new Explanation(
              "host-output-drop",
              "The sending node's own firewall drops the tunnel's packets.",
              "Packets are seen at its tunnel and not at its nic; a trace ends at the rule, or the counter of a rule of iptables-legacy rises.",
              "Remove the rule, or accept the tunnel's UDP port before it.",
              "an OUTPUT chain that allows only known ports"),
          new Explanation(
              "ip-forward-off",
              "The kernel does not forward packets, so pods reach nobody beyond their node.",
              "net.ipv4.ip_forward (or its IPv6 sister) is 0.",
              "naru node resume NODE, or sysctl -w net.ipv4.ip_forward=1",
              "a hardening script that runs after boot"),
          new Explanation(
              "mtu-fragmenting",
              "Large tunnel packets travel in fragments: everything works, slowly.",
              "IpFragCreates rises on the sender while probes of full size arrive.",
              "Set mtu in the network's file to what the way carries, less the tunnel's 50 bytes (70 over IPv6).",
              "a route with a smaller MTU than the nic"),
          new Explanation(
              "mtu-hole",
              "A hop carries less than the pods' packets need, and says nothing.",
              "Small probes pass, full-size ones do not; no ICMP comes back.",
              "Set mtu in the network's file: 50 less than what the underlay carries, 70 over IPv6.",
              "a VPN between two sites: ping works, downloads stall"),
          new Explanation(
              "mtu-pod-too-big",
              "A pod's packets may be larger than the tunnel carries.",
              "The MTU of its link differs from what it should be.",
              "naru node resume NODE",
              "a pod set to 1500 by hand"),
          new Explanation(
              "neigh-missing",
              "The kernel does not know the MAC address of a peer's tunnel end.",
              "The neighbour entry is missing when compared with the store.",
              "naru node resume NODE",
              "ip neigh flush dev naru-vxlan while the agent was paused"),
          new Explanation(
              "outer-checksum",
              "The outer UDP checksum is wrong when the packets arrive: a nic or a hop computes it wrongly.",
              "UdpInCsumErrors rises on the receiver.",
              "Do not leave checksums to the sender's nic (ethtool -K).",
              "a virtual nic that fills in checksums of tunnels wrongly"),
          new Explanation(
              "outer-ecn-marked",
              "A hop marks congestion on packets whose ends do not speak ECN, and the tunnel's end has to drop those (RFC 6040).",
              "rx_frame_errors of the tunnel device rises on the receiver.",
              "Stop the marking on Not-ECT packets.",
              "a traffic shaper that marks everything"),
          new Explanation(
              "pod-link-altered",
              "The node's end of a pod's interface is not as it was made: down, a port of a bridge, or with another MAC address or MTU.",
              "The link differs from what should be.",
              "naru node resume NODE",
              "ip link set down on a pod's interface, or a program that puts every veth into its bridge"),
          new Explanation(
              "policy-one-port",
              "A rule drops one port of a pod, while other packets between the same ends pass: a network policy, or a forgotten rule.",
              "A trace to the port ends at a hop, and nftables names the rule; an echo between the same ends is answered.",
              "Change the policy, or remove the rule, if the port should be open.",
              "a policy that names the old port of a web server"),
          new Explanation(
              "port-mismatch",
              "Nobody listens on the UDP port that the peers send to: the tunnel is down, or has another port.",
              "UdpNoPorts rises on the receiver, or the device differs from the store.",
              "naru node resume NODE; or set the same vxlanPort everywhere.",
              "one side uses 4789, the other 8472"),
          new Explanation(
              "route-missing",
              "A node has no route to a peer's pods.",
              "The route is missing when compared with the store.",
              "naru node resume NODE",
              "ip route flush proto 72 while the agent was paused"),
          new Explanation(
              "route-wrong",
              "A node's route to a peer's pods leads elsewhere.",
              "The route differs from what the store says.",
              "naru node resume NODE",
              "a VPN client that takes over 10.0.0.0/8"),
          new Explanation(
              "rp-filter",
              "The kernel drops packets whose way back would be another interface.",
              "rp_filter differs from what it should be.",
              "naru node resume NODE",
              "sysctl --system sets it again at each boot"),
          new Explanation(
              "rule-missing",
              "A routing rule by mark is missing, so probes of an unused transport go astray.",
              "The rule is missing when compared with what should be.",
              "naru node resume NODE",
              "ip rule flush"),
          new Explanation(
              "service-broken",
              "A service leads to nobody who serves it: it has no backend that is ready, or nobody listens there, or a backend does not answer, or has an address that nobody has. The network carries what it is given.",
              "Probes of each backend's port: refused by the backend itself, or seen to arrive and not answered; or its node says that no pod has the address.",
              "naru service list; start what should listen, or take the backend out of the service.",
              "a service that still leads to a pod which is gone"),
          new Explanation(
              "service-no-listener",
              "Nobody listens on that port in the pod: its own kernel refuses. The network carries packets and refusals.",
              "A RST, or ICMP port unreachable, from the pod's own address.",
              "Start the program, or have it listen on the pod's address and not on 127.0.0.1 alone.",
              "a server that listens on 127.0.0.1"),
          new Explanation(
              "service-silent",
              "Packets reach the pod, and it answers nothing: a filter of its own drops them, or its queue of connections is full.",
              "They are seen at the pod's interface, and no answer leaves there.",
              "Look at the filter in the pod, and at ListenOverflows.",
              "a program that hangs and accepts no connections"),
          new Explanation(
              "setting-altered",
              "Somebody changed a kernel setting that pods need.",
              "The setting below /proc/sys differs from what should be.",
              "naru node resume NODE",
              "a hardening script that runs after boot"),
          new Explanation(
              "tunnel-altered",
              "The tunnel device is not as it was made: another source address, underlay interface or MTU.",
              "The device differs from what the store says.",
              "naru node resume NODE",
              "ip link set mtu on naru-vxlan"),
          new Explanation(
              "tunnel-missing",
              "A node has no tunnel device.",
              "It is missing when compared with the store.",
              "naru node resume NODE",
              "ip link del naru-vxlan while the agent was paused"),
          new Explanation(
              "underlay-all-udp-blocked",
              "The network between the nodes carries no UDP at all.",
              "The tunnel's packets leave and do not arrive; UDP to another port gets no answer either; TCP does.",
              "Open UDP 8472, or route directly where the nodes share a subnet.",
              "a cloud that allows only TCP between its zones"),
          new Explanation(
              "underlay-flow-loss",
              "Several equal ways lead from node to node, each flow takes one of them, and one way is dead: some connections never work, others always.",
              "Trains of packets from 32 source ports: some ports get nothing through, the others everything.",
              "Ask who runs the network to take the dead way out (ECMP, bonded links).",
              "one of four uplinks of a switch drops what it is given, and health checks take another"),
          new Explanation(
              "underlay-link-down",
              "A node's interface to the other nodes is down, or has no carrier.",
              "The link's state on that node, while nothing passes to or from it.",
              "Bring the interface up; look at its cable, its switch port, its virtual machine's settings.",
              "a network manager that took eth0 down with its own profile"),
          new Explanation(
              "underlay-loss",
              "The network between the nodes loses a part of the packets.",
              "Probes of all sizes are missing now and then between the two nics.",
              "Measure the link by itself, and ask who runs it.",
              "a cable, an overloaded uplink"),
          new Explanation(
              "underlay-neighbour-wrong",
              "A node sends what is for its peer to another host's MAC address: its neighbour entry is wrong, or two hosts have one address.",
              "Frames are seen at the peer's nic with a MAC destination that is not its own, and its kernel leaves them.",
              "Remove the neighbour entry; if it comes back, find the second host with that address.",
              "a virtual machine that was cloned with its address"),
          new Explanation(
              "underlay-no-path",
              "Nothing passes from one node to the other: neither the tunnel's UDP nor the agents' TCP. Either there is no way, or a firewall lets in nothing.",
              "No packet of any kind is answered.",
              "Open UDP 8472 and TCP 8472 if a firewall denies by default; else look at the routes.",
              "two new nodes in a security group without rules"),
          new Explanation(
              "underlay-policed",
              "The network between the nodes lets pass only so many packets or bytes a second and drops the rest at once: single packets pass, bursts do not.",
              "Trains of packets: those far apart arrive, the same in a burst do not, and what arrives is not late.",
              "Raise the limit, or its burst.",
              "a cloud instance over its allowance of packets a second"),
          new Explanation(
              "underlay-port-blocked",
              "A firewall or security group between the nodes drops the tunnel's UDP port in one direction.",
              "Packets are seen leaving one nic and not arriving at the other, while other traffic passes.",
              "Open UDP 8472 in that direction; or route directly where the nodes share a subnet.",
              "DNS answers every other time, because one of two CoreDNS pods is behind the closed port"),
          new Explanation(
              "underlay-rejected",
              "A hop refuses the tunnel's packets and says so.",
              "An ICMP error comes back; its source is the hop.",
              "Ask its owner to let them pass.",
              "a router with a rule that rejects, admin-prohibited"),
          new Explanation(
              "underlay-return-blocked",
              "A firewall or security group between the nodes drops the tunnel's UDP port on the way of the answers alone: requests arrive.",
              "Answers are seen leaving one nic and not arriving at the other, while requests pass the other way.",
              "Open UDP 8472 in the direction that the verdict lists; or route directly where the nodes share a subnet.",
              "a security group that lets UDP in to the new nodes and not back to the old ones"),
          new Explanation(
              "underlay-shaped",
              "The network between the nodes carries less than a burst needs: packets queue up and come late, and where the queue is full they are dropped. Pods are slow, nothing else.",
              "Trains of packets: 150 of full size within a tenth of a second come late or not at all; small ones and single ones pass.",
              "Raise the rate of the shaper, or send less.",
              "a VPN between two sites that is shaped to 2 Mbit/s"),
          new Explanation(
              "underlay-vxlan-eaten",
              "Something between the nodes drops VXLAN by its content, on whatever port; other UDP passes.",
              "UDP to a closed port of the peer is refused, so it arrives; a VXLAN frame to the same port gets no answer.",
              "Route directly (transport: auto or direct), or have the filter let VXLAN through.",
              "a firewall that inspects packets and does not let tunnels through"),
          new Explanation(
              "unexplained",
              "The place is known, the cause is not: no rule fits what was observed.",
              "The last tap that saw the packets, and the next one that did not.",
              "Look at that hop; what was not checked is listed.",
              "a fault that is not on any list"),
          new Explanation(
              "vni-mismatch",
              "Two tunnels have different network identifiers, so each drops the other's packets.",
              "The device differs from the store; packets reach UDP and not the tunnel.",
              "naru node resume NODE",
              "a tunnel made by hand with another id"),
          new Explanation(
              "vtep-mac-stale",
              "A packet's inner destination is a MAC address that the peer's tunnel no longer has.",
              "The address differs from what the store says.",
              "naru node resume NODE",
              "systemd gave the device a new address at boot"));

  private Explanations() {}
}

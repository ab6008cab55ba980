package io.naru.agent.install;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The units for systemd: systemd.service(5), systemd.exec(5), systemd.kill(5). */
final class ServiceUnits {
  static final String AGENT = "/etc/systemd/system/naru-agent.service";
  static final String SERVER = "/etc/systemd/system/naru-server.service";

  /**
   * All that the agent needs of root's rights, capabilities(7): the network's configuration; packet
   * taps; entering pods' namespaces; reading which namespaces other people's processes are in.
   */
  private static final List<String> AGENT_CAPABILITIES =
      List.of(
          "CAP_NET_ADMIN",
          "CAP_NET_BIND_SERVICE",
          "CAP_NET_RAW",
          "CAP_SYS_ADMIN",
          "CAP_SYS_PTRACE");

  /**
   * Not ProtectKernelTunables, as the agent sets some below /proc/sys; not PrivateTmp, as the file
   * of a pod's namespace may be anywhere; not MemoryDenyWriteExecute, as the JVM compiles. Mounts
   * made later on the host, as of a namespace in /run/netns, are seen: that is the default of units
   * with a mount namespace of their own (MountFlags=).
   */
  private static final String HARDENING =
      """
      NoNewPrivileges=yes
      ProtectSystem=strict
      ProtectHome=read-only
      ProtectControlGroups=yes
      ProtectKernelLogs=yes
      ProtectKernelModules=yes
      LockPersonality=yes
      RestrictRealtime=yes
      RestrictSUIDSGID=yes
      SystemCallArchitectures=native
      UMask=0077
      """;

  private ServiceUnits() {}

  /**
   * Names are not answered while the agent is down, so one that was killed is started again at
   * once. One that ended in any other way, and may not be able to run at all, waits two seconds.
   */
  static HostFile.Text agent(Path launcher, List<String> arguments) {
    return new HostFile.Text(
        AGENT,
        """
        # Installed by "naru install", removed by "naru clean".
        [Unit]
        Description=Naru agent: this node's part of the container network
        After=network.target nftables.service naru-server.service
        Before=containerd.service crio.service kubelet.service podman-restart.service
        StartLimitIntervalSec=0

        [Service]
        Type=exec
        Environment=NARU_INSIDE=1
        ExecStart=%s
        Restart=always
        RestartSec=100ms
        ExecStopPost=/bin/sh -c 'test "$$SERVICE_RESULT" = signal || sleep 2'
        KillMode=mixed
        TimeoutStopSec=20
        SuccessExitStatus=143
        CapabilityBoundingSet=%s
        AmbientCapabilities=
        RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK AF_PACKET
        RestrictNamespaces=net
        %s%s
        [Install]
        WantedBy=multi-user.target
        """
            .formatted(
                start(launcher, "agent", arguments),
                String.join(" ", AGENT_CAPABILITIES),
                HARDENING,
                directories()));
  }

  /** The server keeps files and answers on sockets: that takes no capability at all. */
  static HostFile.Text server(Path launcher, List<String> arguments) {
    return new HostFile.Text(
        SERVER,
        """
        # Installed by "naru install", removed by "naru clean".
        [Unit]
        Description=Naru server: the cluster's store
        After=network.target
        StartLimitIntervalSec=0

        [Service]
        Type=exec
        Environment=NARU_INSIDE=1
        ExecStart=%s
        Restart=always
        RestartSec=2
        KillMode=mixed
        TimeoutStopSec=20
        SuccessExitStatus=143
        CapabilityBoundingSet=
        AmbientCapabilities=
        RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
        RestrictNamespaces=yes
        %s%s
        [Install]
        WantedBy=multi-user.target
        """
            .formatted(start(launcher, "server", arguments), HARDENING, directories()));
  }

  /** Both daemons' files are in the same two directories, and outlive them. */
  private static String directories() {
    return """
    StateDirectory=naru
    StateDirectoryMode=0700
    RuntimeDirectory=naru
    RuntimeDirectoryMode=0700
    RuntimeDirectoryPreserve=yes
    """;
  }

  private static String start(Path launcher, String command, List<String> arguments) {
    return Stream.concat(Stream.of(launcher.toString(), command), arguments.stream())
        .map(ServiceUnits::quoted)
        .collect(Collectors.joining(" "));
  }

  /** As systemd.syntax(7) reads words; percent and dollar signs are doubled to stand for one. */
  static String quoted(String word) {
    String escaped = word.replace("%", "%%").replace("$", "$$");
    if (escaped.matches("[A-Za-z0-9_@%+=:,./$\\[\\]-]+")) {
      return escaped;
    }
    return '"' + escaped.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}

package io.naru.agent.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The units, as systemd reads them. */
class ServiceUnitsTest {
  private static final Path VERIFIER = Path.of("/usr/bin/systemd-analyze");

  @Test
  void theAgentsUnitGivesItFiveCapabilities() {
    assertThat(ServiceUnits.agent(Path.of("/opt/naru/bin/naru"), List.of("--name", "a")).text())
        .isEqualTo(
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
            ExecStart=/opt/naru/bin/naru agent --name a
            Restart=always
            RestartSec=100ms
            ExecStopPost=/bin/sh -c 'test "$$SERVICE_RESULT" = signal || sleep 2'
            KillMode=mixed
            TimeoutStopSec=20
            SuccessExitStatus=143
            CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_BIND_SERVICE CAP_NET_RAW CAP_SYS_ADMIN CAP_SYS_PTRACE
            AmbientCapabilities=
            RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK AF_PACKET
            RestrictNamespaces=net
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
            StateDirectory=naru
            StateDirectoryMode=0700
            RuntimeDirectory=naru
            RuntimeDirectoryMode=0700
            RuntimeDirectoryPreserve=yes

            [Install]
            WantedBy=multi-user.target
            """);
  }

  @Test
  void theServersUnitGivesItNone() {
    assertThat(ServiceUnits.server(Path.of("/opt/naru/bin/naru"), List.of()).text())
        .contains("\nExecStart=/opt/naru/bin/naru server\n", "\nCapabilityBoundingSet=\n");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {"eth0, eth0", "a b, '\"a b\"'", "50%, 50%%", "$x, $$x", "'q\"', '\"q\\\"\"'"})
  void aWordIsWrittenSoThatItIsReadBackTheSame(String word, String written) {
    assertThat(ServiceUnits.quoted(word)).isEqualTo(written);
  }

  @Test
  void systemdFindsNoFault(@TempDir Path root) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(VERIFIER), "systemd-analyze is not here");
    Path program = Path.of("/bin/true"); // the verifier looks whether it is there
    List<String> words = new ArrayList<>(List.of(VERIFIER.toString(), "verify"));
    for (HostFile.Text unit :
        List.of(
            ServiceUnits.agent(program, List.of("--join-file", "/etc/a token")),
            ServiceUnits.server(program, List.of()))) {
      Path file = root.resolve(Path.of(unit.path()).getFileName().toString());
      words.add(Files.writeString(file, unit.text()).toString());
    }
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    assertThat(said.lines().filter(line -> line.contains("naru-"))).as(said).isEmpty();
  }
}

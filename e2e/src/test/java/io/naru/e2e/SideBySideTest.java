package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Two labs at once: one with both IP families, and one that is left by a crash of all it runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SideBySideTest {
  private TestLab both;
  private TestLab crashed;

  @BeforeAll
  void up() {
    both = TestLab.up(2, "--subnets", "2", "--ipv6");
    crashed = TestLab.up(2);
    for (TestLab lab : List.of(both, crashed)) {
      lab.pod("p1", "node1");
      lab.pod("p2", "node2");
      lab.awaitAllHealthy(TestLab.LONGEST);
    }
  }

  @AfterAll
  void down() {
    for (TestLab lab : new TestLab[] {crashed, both}) {
      if (lab != null) {
        lab.close();
      }
    }
  }

  @Test
  @Order(1)
  void podsTalkInBothFamilies() {
    both.output(
        "p1", Traffic.server(true).replace("TCP6-LISTEN:5000", "TCP6-LISTEN:5000,ipv6only=0"));
    both.output("world", Traffic.server(true));
    assertThat(both.addresses("p1")).hasSize(2);
    for (int family = 0; family < 2; family++) {
      String here = both.addresses("p1").get(family);
      String there = both.addresses("p2").get(family);
      assertThat(here.contains(":")).as("%s is IPv6", here).isEqualTo(family == 1);
      assertThat(both.pings("p1", there)).as("p1 reaches %s", there).isTrue();
      assertThat(both.pings("p2", here)).as("p2 reaches %s", here).isTrue();
    }
    String ipv6 = both.addresses("p1").get(1);
    assertThat(both.output("p2", Traffic.send(ipv6)).lines())
        .containsExactly(full(both.addresses("p2").get(1)), "" + Traffic.MEBIBYTE);
    assertThat(both.output("p2", Traffic.send("2001:db8:100::10")).lines())
        .as("IPv6 to the world leaves under the node's address")
        .containsExactly(full("fd26:51::12"), "" + Traffic.MEBIBYTE);
  }

  /** An IPv6 address as socat prints it. */
  private static String full(String address) {
    try {
      byte[] bytes = java.net.InetAddress.ofLiteral(address).getAddress();
      StringBuilder text = new StringBuilder("[");
      for (int i = 0; i < 16; i += 2) {
        text.append(i == 0 ? "" : ":")
            .append("%04x".formatted((bytes[i] & 0xff) << 8 | bytes[i + 1] & 0xff));
      }
      return text.append(']').toString();
    } catch (IllegalArgumentException notAnAddress) {
      throw new AssertionError(address, notAnAddress);
    }
  }

  @Test
  @Order(2)
  void aFaultInOneLabDoesNotReachTheOther() {
    crashed.breakPath("underlay-port-blocked", "", "");
    TestLab.within(TestLab.LONGEST)
        .until(() -> crashed.paths().stream().allMatch(row -> row.state().equals("broken")));
    both.awaitAllHealthy(TestLab.LONGEST);
    assertThat(both.pings("p1", both.address("p2"))).isTrue();
    assertThat(crashed.pings("p1", crashed.address("p2"))).isFalse();
  }

  @Test
  @Order(3)
  void downLeavesNothingOfALabWhoseProgramsWereKilled() throws IOException {
    String marker = marker(crashed.name());
    List<ProcessHandle> programs =
        marked(marker).stream()
            .filter(process -> commandLine(process).contains("io.naru.cli.Naru"))
            .toList();
    assertThat(programs).as("two agents and the server").hasSize(3);
    programs.forEach(ProcessHandle::destroyForcibly);
    TestLab.within(TestLab.LONGEST)
        .until(() -> programs.stream().noneMatch(p -> p.isAlive() && !commandLine(p).isEmpty()));
    crashed.close();
    assertThat(marked(marker)).as("processes of the lab").isEmpty();
    assertThat(traces(crashed.name())).isEmpty();
    assertThat(both.pings("p1", both.address("p2"))).as("the other lab goes on").isTrue();
    both.close();
    assertThat(traces(both.name())).isEmpty();
  }

  /** What stands in the environment of a lab's processes, read from one that must be its own. */
  private static String marker(String lab) throws IOException {
    String text = Command.of("ip", "netns", "pids", lab + "-node1").run().out();
    for (String pid : text.lines().toList()) {
      Optional<String> found =
          environment(Long.parseLong(pid.strip()))
              .filter(variable -> variable.startsWith("NARU_LAB_ID="))
              .findFirst();
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new AssertionError("no process in the namespace of node1 of " + lab);
  }

  private static List<ProcessHandle> marked(String marker) {
    return ProcessHandle.allProcesses()
        .filter(process -> environment(process.pid()).anyMatch(marker::equals))
        .toList();
  }

  private static Stream<String> environment(long pid) {
    return file(pid, "environ").map(text -> Stream.of(text.split("\0"))).orElse(Stream.empty());
  }

  private static String commandLine(ProcessHandle process) {
    return file(process.pid(), "cmdline").orElse("").replace('\0', ' ');
  }

  private static Optional<String> file(long pid, String name) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc/" + pid, name));
      return Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** Namespaces, state, mounts and control groups that bear a lab's name. */
  private static List<String> traces(String lab) throws IOException {
    List<String> found = new ArrayList<>();
    Command.of("ip", "netns")
        .run()
        .out()
        .lines()
        .filter(l -> l.startsWith(lab))
        .forEach(found::add);
    if (Files.exists(Path.of("/run/naru-lab", lab))) {
      found.add("/run/naru-lab/" + lab);
    }
    Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .filter(line -> line.contains(lab))
        .forEach(found::add);
    Command.of("find", "/sys/fs/cgroup", "-maxdepth", "5", "-path", "*naru-lab/" + lab + "*")
        .tryRun()
        .out()
        .lines()
        .forEach(found::add);
    return found;
  }
}

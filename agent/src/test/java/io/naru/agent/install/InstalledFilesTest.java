package io.naru.agent.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files come, stay when they are somebody's, and go. */
class InstalledFilesTest {
  private static final String AGENT = "etc/systemd/system/naru-agent.service";

  @TempDir Path temporary;
  private Path root;
  private Path plugin;

  @BeforeEach
  void makeTheHost() throws IOException {
    root = Files.createDirectory(temporary.resolve("host"));
    plugin = Files.writeString(temporary.resolve("naru-cni"), "a program");
    for (String directory : List.of("etc/NetworkManager", "etc/systemd/system")) {
      Files.createDirectories(root.resolve(directory));
    }
  }

  private Installation wish(String... agentArguments) {
    return new Installation(
        Path.of("/opt/naru/bin/naru"), plugin, true, true, List.of(agentArguments), List.of());
  }

  private InstalledFiles installed() {
    return new InstalledFiles(root, root.resolve("var/lib/naru/installed.json"));
  }

  /** Every file with its content; directories end with a slash. */
  private Map<String, String> everything() throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> below = Files.walk(root)) {
      for (Path path : below.toList()) {
        String name = root.relativize(path).toString();
        found.put(
            Files.isDirectory(path) ? name + "/" : name,
            Files.isRegularFile(path) ? Files.readString(path) : "");
      }
    }
    return found;
  }

  @Test
  void allFilesComeWithTheirRightsAndGoAgain() throws IOException {
    Map<String, String> before = everything();
    assertThat(installed().install(wish(), false))
        .containsExactly(
            "+ file /etc/NetworkManager/conf.d/10-naru.conf",
            "+ file /etc/systemd/network/10-naru.network",
            "+ file /etc/systemd/network/10-naru.link",
            "+ file /etc/systemd/networkd.conf.d/10-naru.conf",
            "+ file /etc/systemd/system/naru-agent.service",
            "+ file /etc/systemd/system/naru-server.service",
            "+ file /opt/cni/bin/naru-cni",
            "+ file /etc/cni/net.d/10-naru.conflist");
    assertThat(rights("opt/cni/bin/naru-cni")).isEqualTo("rwxr-xr-x");
    assertThat(rights(AGENT)).isEqualTo("rw-r--r--");
    assertThat(rights("var/lib/naru/installed.json")).isEqualTo("rw-------");
    Path wants = root.resolve("etc/systemd/system/multi-user.target.wants");
    Files.createDirectory(wants); // as "systemctl enable" does
    Files.createSymbolicLink(
        wants.resolve("naru-agent.service"), Path.of("/etc/systemd/system/naru-agent.service"));
    assertThat(installed().remove(path -> false, false)).hasSize(8);
    Files.delete(wants);
    Map<String, String> after = everything();
    after.keySet().removeAll(List.of("var/", "var/lib/", "var/lib/naru/"));
    assertThat(after).isEqualTo(before);
  }

  private String rights(String file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(file)));
  }

  @Test
  void aSecondTimeNothingIsWritten() throws IOException {
    installed().install(wish(), false);
    Map<String, String> once = everything();
    assertThat(installed().install(wish(), false)).allMatch(line -> line.startsWith("= file "));
    assertThat(everything()).isEqualTo(once);
  }

  @Test
  void whatIsInstalledAnewFollowsOtherWishes() throws IOException {
    installed().install(wish(), false);
    assertThat(installed().install(wish("--interface", "eth1"), false))
        .contains("~ file /" + AGENT)
        .hasSize(8);
    assertThat(Files.readString(root.resolve(AGENT))).contains("naru agent --interface eth1\n");
    assertThat(installed().remove(path -> false, false)).contains("- file /" + AGENT);
  }

  @Test
  void aChangedFileIsKeptAndNamed() throws IOException {
    installed().install(wish(), false);
    Files.writeString(root.resolve(AGENT), "mine");
    assertThat(installed().install(wish(), false))
        .filteredOn(line -> !line.startsWith("= "))
        .singleElement()
        .asString()
        .contains("left as it is: /" + AGENT);
    assertThat(installed().remove(path -> false, false))
        .contains("left: /" + AGENT + ", which somebody changed since it was installed");
    assertThat(root.resolve(AGENT)).hasContent("mine");
  }

  @Test
  void whatWasThereBeforeStaysThere() throws IOException {
    Path link = root.resolve("etc/systemd/network/10-naru.link");
    Files.createDirectories(link.getParent());
    Files.writeString(link, DeviceExemptions.link().text());
    assertThat(installed().install(wish(), false))
        .contains("= file /etc/systemd/network/10-naru.link");
    assertThat(installed().remove(path -> false, false)).hasSize(7);
    assertThat(link).exists();
  }

  @Test
  void aConfigurationThatNamesThePluginIsEnough() throws IOException {
    Path theirs = root.resolve("etc/cni/net.d/05-chain.conflist");
    Files.createDirectories(theirs.getParent());
    Files.writeString(theirs, "{\"plugins\":[{\"type\":\"naru-cni\"},{\"type\":\"portmap\"}]}");
    assertThat(installed().install(wish(), false)).anyMatch(line -> line.contains("05-chain"));
    assertThat(theirs.resolveSibling("10-naru.conflist")).doesNotExist();
  }

  @Test
  void aDryRunOfEitherChangesNothing() throws IOException {
    Map<String, String> before = everything();
    List<String> promised = installed().install(wish(), true);
    assertThat(everything()).isEqualTo(before);
    assertThat(installed().install(wish(), false)).isEqualTo(promised);
    Map<String, String> whole = everything();
    List<String> gone = installed().remove(path -> false, true);
    assertThat(everything()).isEqualTo(whole);
    assertThat(installed().remove(path -> false, false)).isEqualTo(gone);
  }

  @Test
  void aReplacementThatWasCutShortIsStillOurs() throws IOException {
    installed().install(wish(), false);
    String old = Files.readString(root.resolve(AGENT));
    installed().install(wish("--name", "a"), false);
    Path record = root.resolve("var/lib/naru/installed.json");
    InstallationRecord now = InstallationRecord.read(record);
    String digest = now.files().get("/" + AGENT).getFirst();
    // As after the record was written and before the file was.
    Files.writeString(root.resolve(AGENT), old);
    installedBefore(old).with("/" + AGENT, digest).write(record);
    assertThat(installed().install(wish("--name", "a"), false)).contains("~ file /" + AGENT);
  }

  private InstallationRecord installedBefore(String old) throws IOException {
    Path elsewhere = Files.createDirectories(temporary.resolve("other/etc/systemd/system"));
    Path other = temporary.resolve("other");
    Path record = other.resolve("record.json");
    new InstalledFiles(other, record).install(wish(), false);
    assertThat(elsewhere.resolve("naru-agent.service")).hasContent(old);
    return InstallationRecord.read(record);
  }

  @Test
  void whatIsInUseStaysAndIsRemembered() {
    installed().install(wish(), false);
    String server = Installation.SERVER_UNIT;
    assertThat(installed().remove(server::equals, false))
        .contains("left for now: " + server + ", which is in use");
    assertThat(installed().remove(path -> false, false)).containsExactly("- file " + server);
  }

  @Test
  void softwareThatIsNotThereGetsNoFile() throws IOException {
    Files.delete(root.resolve("etc/NetworkManager"));
    Files.delete(root.resolve("etc/systemd/system"));
    Files.delete(root.resolve("etc/systemd"));
    assertThat(
            installed()
                .install(
                    new Installation(
                        Path.of("/opt/naru/bin/naru"), plugin, true, false, List.of(), List.of()),
                    false))
        .isEmpty();
  }
}

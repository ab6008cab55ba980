package io.naru.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.naru.agent.TestCluster;
import io.naru.agent.ipam.LeaseBook;
import io.naru.agent.ipam.LeaseWish;
import io.naru.channel.file.PrivateFile;
import io.naru.channel.frame.Json;
import io.naru.core.address.Prefix;
import io.naru.core.desired.NodeView;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.pod.AttachmentKey;
import io.naru.core.pod.PodAttachment;
import io.naru.store.ClusterSnapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent's directory is on a disk that is full, and later has room again. */
class FullDiskTest {
  private Path disk;
  private RepairedNode node;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    disk = Files.createDirectory(directory.resolve("disk"));
    command("mount", "-t", "tmpfs", "-o", "size=64k,mode=0700", "naru-test", disk.toString());
    node = new RepairedNode(disk).start().settle();
    // What is not saved yet when the disk fills up would be one more thing to complain of.
    await().until(this::isAllSaved);
  }

  private boolean isAllSaved() throws IOException {
    ClusterSnapshot known = node.memory().snapshot().orElseThrow();
    Path file = disk.resolve("cluster.json");
    return known.nodes().containsKey(RepairedNode.NAME)
        && Files.exists(file)
        && Json.read(Files.readString(file), ClusterSnapshot.class).nodes().equals(known.nodes());
  }

  @AfterEach
  void close() throws Exception {
    try {
      node.close();
    } finally {
      command("umount", "-l", disk.toString());
    }
  }

  private static void command(String... words) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(words).inheritIO().start().waitFor()).isZero();
  }

  /**
   * A file that is being written meanwhile leaves room as soon as it takes an older one's place.
   */
  private void fill() {
    await()
        .until(
            () -> {
              occupyAll();
              return PrivateFile.drafts(disk).isEmpty()
                  && Files.getFileStore(disk).getUsableSpace() == 0;
            });
  }

  private void occupyAll() throws IOException {
    try (OutputStream file =
        Files.newOutputStream(
            disk.resolve("ballast"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      byte[] page = new byte[4096];
      while (true) {
        file.write(page);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }

  private void makeRoom() throws IOException {
    Files.delete(disk.resolve("ballast"));
  }

  private static LeaseWish wish(String container) {
    return new LeaseWish(
        new AttachmentKey(container, "eth0"),
        "naru",
        "/run/netns/none",
        TestCluster.node(1, 0).podCidrs().stream()
            .map((Prefix cidr) -> new LeaseBook.Block(cidr, NodeView.gateway(cidr).address()))
            .toList(),
        1450,
        Map.of());
  }

  private List<String> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aPeerThatComesIsProgrammedAndTheStatusSaysWhatIsNotRemembered() throws Exception {
    fill();
    String before = Files.readString(disk.resolve("cluster.json"));
    node.publish(TestCluster.node(4, 0));
    await().until(() -> node.run("ip route show").contains("10.244.4.0/24 via 172.26.50.14"));
    node.run("ip route del 10.244.3.0/24");
    await().until(() -> node.run("ip route show").contains("10.244.3.0/24 via"));
    await()
        .untilAsserted(
            () ->
                assertThat(node.last().problems())
                    .singleElement()
                    .asString()
                    .contains("the cluster is not remembered across a restart", "No space left"));
    assertThat(Files.readString(disk.resolve("cluster.json"))).isEqualTo(before);

    makeRoom();
    await().until(() -> Files.readString(disk.resolve("cluster.json")).contains("10.244.4.0/24"));
    node.settle();
  }

  @Test
  void settingsAreMadeAndWhatTheyWereIsSavedWhenThereIsRoom() throws Exception {
    Files.delete(disk.resolve("settings.json"));
    fill();
    node.run("echo 0 >/proc/sys/net/ipv4/ip_forward");
    await().until(() -> node.run("cat /proc/sys/net/ipv4/ip_forward").startsWith("1"));
    await()
        .untilAsserted(
            () ->
                assertThat(node.last().problems())
                    .singleElement()
                    .asString()
                    .contains("the host's settings of before are not kept yet", "No space left"));
    makeRoom();
    await().until(() -> Files.exists(disk.resolve("settings.json")));
    assertThat(Files.readString(disk.resolve("settings.json")))
        .contains("net/ipv4/ip_forward", "\"before\":\"0\"");
    node.settle();
  }

  @Test
  void aSettingThatIsKnownAlreadyNeedsNoDisk() throws Exception {
    fill();
    node.run("echo 0 >/proc/sys/net/ipv4/ip_forward");
    await().until(() -> node.run("cat /proc/sys/net/ipv4/ip_forward").startsWith("1"));
    node.settle();
  }

  @Test
  void aPodGetsNoLeaseAndNothingOfItStays() throws Exception {
    Path pods = disk.resolve("pods");
    LeaseBook book = new LeaseBook(pods);
    PodAttachment first = book.reserve(wish("first"), Instant.EPOCH);
    List<String> before = files(pods);
    fill();
    assertThatThrownBy(() -> book.reserve(wish("second"), Instant.EPOCH))
        .isInstanceOfSatisfying(
            NaruException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.FILE_FAILED);
              assertThat(refused.sentence()).contains("No space left", "free space");
            });
    assertThat(book.all()).hasSize(1);
    assertThat(files(pods)).isEqualTo(before);
    book.confirm(first);
    book.release(first.key());

    makeRoom();
    assertThat(book.reserve(wish("second"), Instant.EPOCH).addresses()).hasSize(2);
    assertThat(new LeaseBook(pods).all()).hasSize(1);
  }

  @Test
  void anAgentStartsAndRepairsWhileTheDiskIsFull() throws Exception {
    List<String> before = node.state();
    node.stop();
    fill();
    node.run("ip link del naru-vxlan; ip route flush proto 72; nft delete table inet naru");
    node.start();
    await().untilAsserted(() -> assertThat(node.state()).containsExactlyElementsOf(before));
    makeRoom();
  }

  @Test
  void noDraftStaysBehind() throws Exception {
    fill();
    node.publish(TestCluster.node(4, 0));
    await().until(() -> !node.last().problems().isEmpty());
    assertThat(files(disk)).noneMatch(name -> name.endsWith(".new") || name.endsWith(".tmp"));
    makeRoom();
    node.settle();
  }
}

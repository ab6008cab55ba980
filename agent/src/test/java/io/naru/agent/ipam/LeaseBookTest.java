package io.naru.agent.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.pod.AddressPool;
import io.naru.core.pod.AttachmentKey;
import io.naru.core.pod.PodAttachment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseBookTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final List<Prefix> BOTH =
      List.of(Prefix.parse("10.244.1.0/24"), Prefix.parse("fd00:1::/64"));

  @TempDir Path directory;

  private static AttachmentKey key(int number) {
    return new AttachmentKey("c" + number, "eth0");
  }

  private static LeaseWish wish(int number, List<Prefix> cidrs) {
    List<LeaseBook.Block> blocks =
        cidrs.stream().map(cidr -> new LeaseBook.Block(cidr, AddressPool.gateway(cidr))).toList();
    return new LeaseWish(
        key(number),
        "naru",
        "/run/netns/p" + number,
        blocks,
        1450,
        Map.of("K8S_POD_NAME", "p" + number));
  }

  private static PodAttachment add(LeaseBook book, int number) {
    PodAttachment attachment = book.reserve(wish(number, BOTH), NOW.plusSeconds(number));
    book.confirm(attachment);
    return attachment;
  }

  @Test
  void aLeaseOutlivesItsBook() throws IOException {
    LeaseBook book = new LeaseBook(directory);
    PodAttachment ready = add(book, 1);
    PodAttachment preparing = book.reserve(wish(2, BOTH), NOW);

    LeaseBook next = new LeaseBook(directory);

    assertThat(next.problems()).isEmpty();
    assertThat(next.all())
        .containsExactly(
            new Lease(ready, LeasePhase.READY), new Lease(preparing, LeasePhase.PREPARING));
    assertThat(ready.addresses())
        .containsExactly(IpAddress.parse("10.244.1.2"), IpAddress.parse("fd00:1::2"));
    try (var files = Files.list(directory)) {
      assertThat(files)
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"));
    }
  }

  @Test
  void aLeaseDoesNotOutliveTheMachine() {
    PodAttachment first = add(new LeaseBook(directory, "boot-1"), 1);
    assertThat(new LeaseBook(directory, "boot-1").all())
        .extracting(Lease::attachment)
        .containsExactly(first);
    LeaseBook next = new LeaseBook(directory, "boot-2");
    assertThat(next.all()).isEmpty();
    assertThat(next.problems()).isEmpty();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void whoOnlyLooksLeavesEveryFileAsItIs() throws IOException {
    PodAttachment good = add(new LeaseBook(directory, "boot-2"), 1);
    add(new LeaseBook(directory, "boot-2"), 2);
    Path old = directory.resolve("c2@eth0.json");
    Files.writeString(old, Files.readString(old).replace("boot-2", "boot-1"));
    Files.writeString(directory.resolve("c3@eth0.json"), "{");
    Files.writeString(directory.resolve("c4@eth0.preparing.tmp"), "{");
    List<String> before = files();
    assertThat(LeaseBook.look(directory, "boot-2"))
        .extracting(Lease::attachment)
        .containsExactly(good);
    assertThat(files()).isEqualTo(before).hasSize(4);
    assertThat(LeaseBook.look(directory.resolve("none"), "boot-2")).isEmpty();
    assertThat(directory.resolve("none")).doesNotExist();
  }

  private List<String> files() throws IOException {
    List<String> files = new ArrayList<>();
    try (Stream<Path> found = Files.list(directory)) {
      for (Path file : found.sorted().toList()) {
        files.add(file.getFileName() + " " + Files.readString(file));
      }
    }
    return files;
  }

  @Test
  void whatBecameKnownWhileItWasMadeIsKept() {
    LeaseBook book = new LeaseBook(directory);
    PodAttachment reserved = book.reserve(wish(1, BOTH), NOW);
    PodAttachment placed = reserved.withRouteTables(List.of(8480, 8480));
    book.confirm(placed);
    assertThat(new LeaseBook(directory).all())
        .containsExactly(new Lease(placed, LeasePhase.READY))
        .isEqualTo(book.all());
  }

  @Test
  void anAddressJustFreedRestsAlsoAfterARestart() {
    LeaseBook book = new LeaseBook(directory);
    add(book, 1);
    PodAttachment second = add(book, 2);
    book.release(key(1));
    PodAttachment third = add(new LeaseBook(directory), 3);
    assertThat(third.addresses())
        .containsExactly(IpAddress.parse("10.244.1.4"), IpAddress.parse("fd00:1::4"));
    assertThat(second.addresses()).doesNotContainAnyElementsOf(third.addresses());
  }

  @Test
  void releasingTwiceIsFine() {
    LeaseBook book = new LeaseBook(directory);
    add(book, 1);
    book.release(key(1));
    book.release(key(1));
    assertThat(book.all()).isEmpty();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aSecondLeaseForOneKeyIsRefused() {
    LeaseBook book = new LeaseBook(directory);
    add(book, 1);
    assertThatThrownBy(() -> add(book, 1))
        .isInstanceOfSatisfying(
            NaruException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
    assertThat(book.find(key(1))).isPresent();
  }

  @Test
  void exhaustionReservesNothingInTheOtherFamily() {
    LeaseBook book = new LeaseBook(directory);
    List<Prefix> cidrs = List.of(Prefix.parse("fd00:1::/64"), Prefix.parse("10.0.0.0/30"));
    PodAttachment first = book.reserve(wish(1, cidrs), NOW);
    assertThatThrownBy(() -> book.reserve(wish(2, cidrs), NOW))
        .isInstanceOfSatisfying(
            NaruException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EXHAUSTED));
    assertThat(book.all()).extracting(Lease::attachment).containsExactly(first);
    assertThat(new LeaseBook(directory).all()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "{\"version\":2}", "{\"version\":1}", "\u0000\u0000\u0000", "null"})
  void aCorruptFileIsMovedAsideAndNamed(String content) throws IOException {
    LeaseBook book = new LeaseBook(directory);
    PodAttachment good = add(book, 1);
    Path bad = directory.resolve("c2@eth0.json");
    Files.writeString(bad, content);

    LeaseBook next = new LeaseBook(directory);

    assertThat(next.problems()).singleElement().asString().contains(bad.toString(), ".corrupt");
    assertThat(next.all()).extracting(Lease::attachment).containsExactly(good);
    assertThat(bad).doesNotExist();
    assertThat(directory.resolve("c2@eth0.json.corrupt")).hasContent(content);
  }

  @Test
  void aFileUnderAnotherNameIsCorrupt() throws IOException {
    add(new LeaseBook(directory), 1);
    Files.copy(directory.resolve("c1@eth0.json"), directory.resolve("c2@eth0.json"));
    LeaseBook next = new LeaseBook(directory);
    assertThat(next.all()).hasSize(1);
    assertThat(next.problems()).singleElement().asString().contains("c1/eth0");
  }

  @Test
  void whatACrashLeftHalfWrittenIsNoLease() throws IOException {
    Files.writeString(directory.resolve("c1@eth0.preparing.tmp"), "{\"version\":1,\"conta");
    LeaseBook book = new LeaseBook(directory);
    assertThat(book.all()).isEmpty();
    assertThat(book.problems()).isEmpty();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aFailedWriteLeavesNothing() throws IOException {
    LeaseBook book = new LeaseBook(directory);
    // A directory in the way of the temporary file stops even root.
    Path obstacle = Files.createDirectories(directory.resolve("c1@eth0.preparing.tmp/x"));
    assertThatThrownBy(() -> book.reserve(wish(1, BOTH), NOW))
        .isInstanceOfSatisfying(
            NaruException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.FILE_FAILED);
              assertThat(e.sentence()).contains("c1@eth0");
            });
    assertThat(book.all()).isEmpty();
    Files.delete(obstacle);
    Files.delete(obstacle.getParent());
    assertThat(add(book, 1).addresses()).hasSize(2);
  }

  @Test
  void manyThreadsNeverShareAnAddress() throws Exception {
    LeaseBook book = new LeaseBook(directory);
    List<IpAddress> seen = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<PodAttachment>> work =
          IntStream.range(0, 100)
              .<Callable<PodAttachment>>mapToObj(i -> () -> add(book, i))
              .toList();
      for (Future<PodAttachment> added : threads.invokeAll(work)) {
        seen.addAll(added.get().addresses());
      }
    }
    assertThat(seen).hasSize(200).doesNotHaveDuplicates();
    assertThat(new LeaseBook(directory).all()).hasSize(100);
  }
}

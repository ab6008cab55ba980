package io.naru.linux.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.error.NaruException;
import io.naru.linux.TestNamespace;
import io.naru.linux.call.KernelException;
import io.naru.linux.route.Link;
import io.naru.linux.route.RouteNetlink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NetworkNamespaceTest {
  private static String inode() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void workRunsInsideAndTheCallerStaysWhereItIs() {
    String before = inode();
    try (TestNamespace test = new TestNamespace()) {
      String inside = test.call(NetworkNamespaceTest::inode);
      assertThat(inside).isNotEqualTo(before);
      assertThat(test.call(NetworkNamespaceTest::inode)).isEqualTo(inside);
      assertThat(inode()).isEqualTo(before);
      assertThat(
              test.call(
                  () -> {
                    try (RouteNetlink netlink = RouteNetlink.open()) {
                      return netlink.links().stream().map(Link::name).toList();
                    }
                  }))
          .containsExactly("lo");
    }
  }

  @Test
  void ipKnowsTheNameAndNothingIsLeftBehind() throws Exception {
    String name;
    try (TestNamespace test = new TestNamespace()) {
      name = test.name();
      assertThat(NetworkNamespace.exists(name)).isTrue();
      assertThat(NetworkNamespace.list()).contains(name);
      Process process = new ProcessBuilder("ip", "netns", "exec", name, "true").start();
      assertThat(process.waitFor()).isZero();
      assertThatThrownBy(() -> NetworkNamespace.create(name))
          .isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.isPresent()).isTrue());
      assertThat(NetworkNamespace.exists(name)).isTrue();
    }
    assertThat(NetworkNamespace.exists(name)).isFalse();
    assertThat(Path.of("/run/netns", name)).doesNotExist();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(name);
    assertThat(NetworkNamespace.delete(name)).isFalse();
    assertThatThrownBy(() -> NetworkNamespace.open(name))
        .isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.isAbsent()).isTrue());
  }

  @Test
  void whatTheTaskThrowsIsThrownHere() {
    try (NetworkNamespace current = NetworkNamespace.current()) {
      IOException checked = new IOException("mine");
      assertThatThrownBy(
              () ->
                  current.call(
                      () -> {
                        throw checked;
                      }))
          .isSameAs(checked);
      assertThatThrownBy(
              () ->
                  current.run(
                      () -> {
                        throw new StackOverflowError();
                      }))
          .isInstanceOf(StackOverflowError.class);
    }
  }

  @Test
  void anInterruptReachesTheTask() {
    try (NetworkNamespace current = NetworkNamespace.current()) {
      Thread.currentThread().interrupt();
      boolean told =
          current.call(
              () -> {
                try {
                  Thread.sleep(60_000);
                  return false;
                } catch (InterruptedException expected) {
                  return true;
                }
              });
      assertThat(told).isTrue();
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void namesThatLeaveTheDirectoryAreRefused() {
    for (String name : new String[] {"", "..", "a/b", ".x"}) {
      assertThatThrownBy(() -> NetworkNamespace.open(name)).isInstanceOf(NaruException.class);
    }
  }
}

package io.naru.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.address.IpAddress;
import io.naru.core.error.NaruException;
import io.naru.linux.TestNamespace;
import io.naru.linux.call.Errno;
import io.naru.linux.call.KernelException;
import io.naru.linux.route.LinkSettings;
import io.naru.linux.route.RouteNetlink;
import io.naru.linux.socket.EchoSocket.Answer;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoSocketTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void asksAndHearsAndNeverFragments(String loopback) {
    IpAddress here = IpAddress.parse(loopback);
    try (TestNamespace test = new TestNamespace()) {
      test.namespace().run(() -> exchange(here));
    }
  }

  private static void exchange(IpAddress here) {
    try (RouteNetlink netlink = RouteNetlink.open()) {
      netlink.setUp(1);
      netlink.setLink(1, LinkSettings.none().withMtu(1500));
    }
    EchoSocket socket = EchoSocket.open(here);
    try (socket) {
      socket.send(here, 0xabcd, 7, new byte[] {1, 2, 3});
      assertThat(socket.receive(Duration.ofSeconds(10))).contains(new Answer(here, 0xabcd, 7));
      assertThat(socket.receive(Duration.ZERO)).isEmpty();
      assertThatThrownBy(() -> socket.send(here, 1, 1, new byte[3000]))
          .isInstanceOfSatisfying(
              KernelException.class,
              refused -> assertThat(refused.errno()).isEqualTo(Errno.EMSGSIZE));
    }
    assertThatThrownBy(() -> socket.send(here, 1, 1, new byte[1]))
        .isInstanceOf(NaruException.class)
        .hasMessageContaining("the socket for echoes is closed");
    assertThat(socket.receive(Duration.ofSeconds(10))).isEmpty();
  }
}

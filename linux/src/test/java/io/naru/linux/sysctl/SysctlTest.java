package io.naru.linux.sysctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.error.NaruException;
import io.naru.linux.TestNamespace;
import io.naru.linux.route.LinkSpec;
import io.naru.linux.route.RouteNetlink;
import java.util.List;
import org.junit.jupiter.api.Test;

class SysctlTest {
  @Test
  void writesInsideOneNamespaceAlone() {
    Sysctl forwarding = Sysctl.parse("net.ipv4.ip_forward");
    String outside = forwarding.read();
    try (TestNamespace test = new TestNamespace()) {
      for (String value : List.of("1", "0")) {
        test.namespace().run(() -> forwarding.write(value));
        assertThat(test.call(forwarding::readNumber)).isEqualTo(Long.parseLong(value));
        assertThat(test.run("sysctl", "-n", "net.ipv4.ip_forward").strip()).isEqualTo(value);
      }
      assertThat(forwarding.read()).isEqualTo(outside);
    }
  }

  @Test
  void interfaceNamesMayHaveDots() {
    try (TestNamespace test = new TestNamespace()) {
      test.namespace()
          .run(
              () -> {
                try (RouteNetlink netlink = RouteNetlink.open()) {
                  var _ = netlink.createLink(LinkSpec.bridge("eth0.5"));
                }
                Sysctl.forInterface("ipv4", "eth0.5", "rp_filter").write("2");
              });

      assertThat(test.call(Sysctl.parse("net.ipv4.conf.eth0/5.rp_filter")::read)).isEqualTo("2");
      assertThat(test.call(Sysctl.parse("net/ipv4/conf/eth0.5/rp_filter")::read)).isEqualTo("2");
    }
  }

  @Test
  void refusalsSayWhatIsWrong() {
    try (TestNamespace test = new TestNamespace()) {
      Sysctl absent = Sysctl.forInterface("ipv4", "nosuch", "rp_filter");
      assertThat(test.call(absent::find)).isEmpty();
      assertThatThrownBy(() -> test.call(absent::read))
          .isInstanceOf(NaruException.class)
          .hasMessageContaining("net/ipv4/conf/nosuch/rp_filter");
      assertThatThrownBy(
              () -> test.namespace().run(() -> Sysctl.parse("net.ipv4.ip_forward").write("maybe")))
          .isInstanceOf(NaruException.class)
          .hasMessageContaining("maybe");
      assertThatThrownBy(() -> Sysctl.of("net", "..", "kernel")).isInstanceOf(NaruException.class);
    }
  }
}

package io.naru.agent.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostResolversTest {
  @TempDir Path directory;

  private static List<String> parsed(String text) {
    return HostResolvers.parse(text).stream().map(IpAddress::toString).toList();
  }

  @Test
  void theFirstThreeThatCanBeAskedAreTaken() {
    assertThat(
            parsed(
                """
                # by hand
                search example.com
                nameserver 192.0.2.1
                  nameserver	2001:db8::1  # comment
                nameserver fe80::1%eth0
                nameserver
                nameserver nobody
                options ndots:1
                nameserver 192.0.2.2
                nameserver 192.0.2.3
                """))
        .containsExactly("192.0.2.1", "2001:db8::1", "192.0.2.2");
  }

  @Test
  void whereThereIsNoFileThereIsNone() {
    assertThat(HostResolvers.in(directory.resolve("resolv.conf"))).isEmpty();
  }
}

package io.naru.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTextTest {
  @Test
  void aValueIsWhatItWouldBeInAFile() {
    assertThat(ConfigurationText.value("avoidBrokenPaths", "false")).isEqualTo(false);
    assertThat(ConfigurationText.value("mtu", "1400")).isEqualTo(1400);
    assertThat(ConfigurationText.value("clusterDomain", "x.local")).isEqualTo("x.local");
    assertThat(ConfigurationText.value("dnsUpstreams", "[198.51.100.10, 'fd00::53']"))
        .isEqualTo(List.of("198.51.100.10", "fd00::53"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[a", "{a: 1, a: 2}"})
  void whatIsNoValueIsRefusedWithTheKey(String text) {
    assertThatThrownBy(() -> ConfigurationText.value("mtu", text))
        .isInstanceOf(NaruException.class)
        .hasMessageContaining("mtu")
        .extracting("code")
        .isEqualTo(ErrorCode.BAD_CONFIGURATION);
  }
}

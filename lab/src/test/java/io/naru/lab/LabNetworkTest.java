package io.naru.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.configuration.ConfigurationException;
import io.naru.lab.topology.FirewallPolicy;
import io.naru.lab.topology.LabSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabNetworkTest {
  private static LabSpec spec(Map<String, Object> settings) {
    return TestLab.spec(3, 2, FirewallPolicy.OPEN).with(settings);
  }

  @Test
  void settingsStandBesideWhatTheLabSaysAndAboveIt() {
    Map<String, Object> configuration =
        LabNetwork.configuration(spec(Map.of("avoidBrokenPaths", false, "probesPerSecond", 50)));
    assertThat(configuration)
        .containsEntry("transport", "auto")
        .containsEntry("clusterCidrs", List.of("10.244.0.0/16", "fd44::/48"))
        .containsEntry("avoidBrokenPaths", false)
        .containsEntry("probesPerSecond", 50);
  }

  @Test
  void wrongSettingsAreRefusedTogetherAndBeforeAnythingIsMade() {
    LabSpec wrong = spec(Map.of("vni", 0, "avoidBrokenPath", false));
    assertThatThrownBy(() -> Lab.up(wrong, TestLab.programs(), step -> {}))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("2 mistakes", "vni", "avoidBrokenPath");
    assertThat(Lab.find(wrong.name())).isEmpty();
  }

  @Test
  void aSpecificationIsReadAsItWasWrittenAlsoThatOfAnEarlierVersion(@TempDir Path directory)
      throws Exception {
    LabSpec spec = spec(Map.of("dnsUpstreams", List.of("198.51.100.10"), "dns", true));
    Path file = directory.resolve("lab.json");
    LabDirectory.write(file, spec);
    assertThat(LabDirectory.read(file, LabSpec.class)).contains(spec);

    String text = Files.readString(file);
    String without = text.replaceAll(",\"settings\":\\{[^}]*}", "");
    assertThat(without).isNotEqualTo(text);
    Files.writeString(file, without);
    assertThat(LabDirectory.read(file, LabSpec.class)).contains(spec.with(Map.of()));
  }
}

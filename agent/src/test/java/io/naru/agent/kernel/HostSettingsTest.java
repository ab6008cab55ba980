package io.naru.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.state.KernelEntry.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostSettingsTest {
  private static final String FORWARDING = "net/ipv4/ip_forward";

  @TempDir Path directory;
  private TestKernel kernel;

  @BeforeEach
  void makeKernel() {
    kernel = new TestKernel(directory);
    kernel.run("echo 0 >/proc/sys/net/ipv4/ip_forward");
  }

  @AfterEach
  void removeKernel() {
    kernel.close();
  }

  private void write(HostSettings settings, String name, String value, Optional<String> device) {
    kernel.namespace().namespace().run(() -> settings.write(new Setting(name, value, device)));
  }

  private List<String> restore(HostSettings settings) {
    return kernel.namespace().namespace().call(() -> settings.restore(false));
  }

  private String forwarding() {
    return kernel.run("cat /proc/sys/net/ipv4/ip_forward").strip();
  }

  @Test
  void whatASettingWasBeforeTheFirstChangeIsRestored() {
    write(kernel.settings, FORWARDING, "1", Optional.empty());
    assertThat(forwarding()).isEqualTo("1");
    HostSettings afterRestart = new HostSettings(directory.resolve("settings.json"));
    write(afterRestart, FORWARDING, "1", Optional.empty());

    assertThat(restore(afterRestart)).containsExactly("~ sysctl net.ipv4.ip_forward = 0");
    assertThat(forwarding()).isEqualTo("0");
    assertThat(restore(afterRestart)).isEmpty();
  }

  @Test
  void aSettingOfADeviceOfOursIsNotRemembered() {
    write(kernel.settings, "net/ipv4/conf/eth0/rp_filter", "2", Optional.of("eth0"));
    assertThat(directory.resolve("settings.json")).doesNotExist();
    assertThat(restore(kernel.settings)).isEmpty();
  }

  @Test
  void aSettingThatWasRightIsNotTouchedByRestoring() {
    write(kernel.settings, FORWARDING, "0", Optional.empty());
    assertThat(restore(kernel.settings)).isEmpty();
  }

  @Test
  void whatSomebodyChangedSinceIsTheirs() {
    write(kernel.settings, "net/ipv4/conf/eth0/rp_filter", "2", Optional.empty());
    kernel.run("echo 1 > /proc/sys/net/ipv4/conf/eth0/rp_filter");
    assertThat(restore(kernel.settings)).isEmpty();
    assertThat(kernel.run("cat /proc/sys/net/ipv4/conf/eth0/rp_filter").strip()).isEqualTo("1");
  }

  @Test
  void aDryRunOnlySaysWhatItWouldRestore() {
    write(kernel.settings, FORWARDING, "1", Optional.empty());
    assertThat(kernel.namespace().namespace().call(() -> kernel.settings.restore(true)))
        .containsExactly("~ sysctl net.ipv4.ip_forward = 0");
    assertThat(forwarding()).isEqualTo("1");
  }

  @Test
  void aSettingTheKernelHasNotIsNamed() {
    NaruException refused =
        catchThrowableOfType(
            NaruException.class,
            () -> write(kernel.settings, "net/ipv4/no_such_thing", "1", Optional.empty()));
    assertThat(refused)
        .returns(ErrorCode.UNSUPPORTED, NaruException::code)
        .hasMessageContaining("net.ipv4.no_such_thing");
  }

  @Test
  void oneThatCannotBeRestoredKeepsNoOtherFromIt() throws Exception {
    write(kernel.settings, FORWARDING, "1", Optional.empty());
    Files.writeString(
        directory.resolve("settings.json"),
        "{\"net/ipv4/conf/eth0/rp_filter\":{\"before\":\"nonsense\",\"set\":\"0\"},"
            + "\"net/ipv4/ip_forward\":{\"before\":\"0\",\"set\":\"1\"}}");
    assertThat(restore(kernel.settings)).contains("~ sysctl net.ipv4.ip_forward = 0");
    assertThat(forwarding()).isEqualTo("0");
  }
}

package io.naru.core.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostEndTest {
  private static final AttachmentKey KEY = new AttachmentKey("container", "eth0");

  @Property
  void namesFitTheKernelAndStayTheSame(
      @ForAll @AlphaChars @StringLength(min = 1, max = 64) String container,
      @ForAll @AlphaChars @StringLength(min = 1, max = 15) String interfaceName) {
    AttachmentKey key = new AttachmentKey(container, interfaceName);
    String name = HostEnd.name(key, taken -> false);
    assertThat(name).matches("naru[0-9a-f]{11}");
    assertThat(HostEnd.name(key, taken -> false)).isEqualTo(name);
    assertThat(HostEnd.name(key, name::equals)).isNotEqualTo(name);
    assertThat(HostEnd.hostMac(key)).isNotEqualTo(HostEnd.podMac(key));
  }

  @Test
  void partsOfTheKeyDoNotRunTogether() {
    assertThat(HostEnd.name(new AttachmentKey("ab", "c"), taken -> false))
        .isNotEqualTo(HostEnd.name(new AttachmentKey("a", "bc"), taken -> false));
  }

  @Test
  void collisionsAreAvoidedAndEnd() {
    Set<String> taken = new HashSet<>();
    assertThatThrownBy(
            () ->
                HostEnd.name(
                    KEY,
                    name -> {
                      taken.add(name);
                      return true;
                    }))
        .isInstanceOfSatisfying(
            NaruException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
    assertThat(taken).hasSize(16);
  }

  @Test
  void aliasesFitTheKernel() {
    String alias = HostEnd.alias(new AttachmentKey("c".repeat(200), "eth0"));
    assertThat(alias.getBytes(java.nio.charset.StandardCharsets.UTF_8).length).isLessThan(256);
    assertThat(HostEnd.isOurs(alias)).isTrue();
    assertThat(HostEnd.alias(KEY)).isEqualTo("naru pod container/eth0");
    assertThat(HostEnd.isOurs("another's")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "../x", "a b", "a/b", "a\n"})
  void containerIdsAreChecked(String id) {
    assertThatThrownBy(() -> new AttachmentKey(id, "eth0")).isInstanceOf(NaruException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "a:b", "a b", "sixteen-letters-", "나루나루나루"})
  void interfaceNamesAreChecked(String name) {
    assertThatThrownBy(() -> new AttachmentKey("a", name)).isInstanceOf(NaruException.class);
  }

  @Test
  void anAliasNamesItsKey() {
    assertThat(HostEnd.keyOf(HostEnd.alias(KEY))).contains(KEY);
    assertThat(HostEnd.keyOf("naru pod ")).isEmpty();
    assertThat(HostEnd.keyOf("naru pod /eth0")).isEmpty();
    assertThat(HostEnd.keyOf("naru pod a/")).isEmpty();
    assertThat(HostEnd.keyOf("another's a/b")).isEmpty();
  }
}

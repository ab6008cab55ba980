package io.naru.core.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressPoolTest {
  @Provide
  Arbitrary<Prefix> blocks() {
    return Arbitraries.of(
            "10.244.0.0/24",
            "10.0.0.0/28",
            "10.9.8.4/30",
            "10.9.8.6/31",
            "10.9.8.7/32",
            "255.255.255.0/24",
            "0.0.0.0/0",
            "fd00:1::/64",
            "fd00::/120",
            "fd00::4/126",
            "fd00::8/127",
            "fd00::9/128",
            "fd00::/48",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff00/120")
        .map(Prefix::parse);
  }

  @Property
  void givesWhatIsFreeAndUsable(@ForAll("blocks") Prefix cidr, @ForAll List<Boolean> addOrRemove) {
    AddressPool pool = new AddressPool(cidr);
    Deque<IpAddress> taken = new ArrayDeque<>();
    Optional<IpAddress> last = Optional.empty();
    for (boolean add : addOrRemove) {
      if (!add) {
        taken.pollFirst();
      } else if (taken.size() < pool.usable()) {
        IpAddress given = pool.next(last, Set.copyOf(taken));
        assertThat(taken).doesNotContain(given);
        assertThat(cidr.contains(given)).isTrue();
        assertThat(pool.isUsable(given)).isTrue();
        assertThat(given).isNotEqualTo(cidr.address()).isNotEqualTo(pool.gateway());
        if (given.isIpv4()) {
          assertThat(given).isNotEqualTo(cidr.last());
        }
        taken.addLast(given);
        last = Optional.of(given);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/28,13",
    "10.9.8.4/30,1",
    "10.9.8.6/31,0",
    "10.9.8.7/32,0",
    "10.1.0.0/24,253",
    "fd00::/124,14",
    "fd00::/126,2",
    "fd00::/127,0",
    "fd00::/128,0"
  })
  void everyUsableAddressIsGivenOnceAndThenItIsExhausted(String text, int usable) {
    AddressPool pool = new AddressPool(Prefix.parse(text));
    assertThat(pool.usable()).isEqualTo(usable);
    Set<IpAddress> taken = new HashSet<>();
    Optional<IpAddress> last = Optional.empty();
    for (int i = 0; i < usable; i++) {
      IpAddress given = pool.next(last, taken);
      assertThat(taken.add(given)).isTrue();
      last = Optional.of(given);
    }
    Optional<IpAddress> lastGiven = last;
    assertThatThrownBy(() -> pool.next(lastGiven, taken))
        .isInstanceOfSatisfying(
            NaruException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.EXHAUSTED);
              assertThat(e.sentence()).contains(text, "all " + usable, "remove pods");
            });
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.0/28,13", "fd00::/124,14"})
  void anAddressJustFreedComesLast(String text, int usable) {
    AddressPool pool = new AddressPool(Prefix.parse(text));
    Set<IpAddress> seen = new HashSet<>();
    Optional<IpAddress> last = Optional.empty();
    for (int i = 0; i < usable; i++) {
      IpAddress given = pool.next(last, Set.of());
      assertThat(seen.add(given)).as("%s came back too early", given).isTrue();
      last = Optional.of(given);
    }
    assertThat(seen).contains(pool.next(last, Set.of()));
  }

  @Test
  void addressesOfAnotherBlockDoNoHarm() {
    AddressPool pool = new AddressPool(Prefix.parse("10.0.0.0/30"));
    assertThat(
            pool.next(
                Optional.of(IpAddress.parse("192.0.2.1")),
                Set.of(IpAddress.parse("192.0.2.2"), IpAddress.parse("fd00::2"))))
        .isEqualTo(IpAddress.parse("10.0.0.2"));
  }
}

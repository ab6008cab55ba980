package io.naru.store.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.naru.core.address.Prefix;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.configuration.NetworkConfigurationParser;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.store.Sample;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class TransitionsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final NetworkConfiguration SMALL =
      NetworkConfigurationParser.parse(
          Map.of(
              "clusterCidrs", List.of("10.0.0.0/20", "fd00::/60"),
              "podCidrLengthIpv4", 24,
              "podCidrLengthIpv6", 64));

  private static ClusterState applied(ClusterState state, Command command) {
    return Transitions.apply(state, command).next();
  }

  private static NaruException refusal(ClusterState state, Command command) {
    NaruException refused =
        catchThrowableOfType(NaruException.class, () -> Transitions.apply(state, command));
    assertThat(refused).isNotNull();
    return refused;
  }

  /** One step of a random history: a node claims, claims exactly, or is withdrawn. */
  private static Command command(int step) {
    int node = step % 23;
    int block = step / 23 % 16;
    return switch (step / 368 % 4) {
      case 0 -> new Command.WithdrawNode(Sample.name(node));
      case 1 ->
          new Command.ClaimExactPodCidrs(
              Sample.name(node), List.of(Prefix.parse("10.0." + (block & ~1) + ".0/23")));
      default ->
          new Command.ClaimPodCidrs(
              Sample.name(node), List.of(Prefix.parse("10.0." + block + ".0/24")));
    };
  }

  @Example
  void aNetworkMayGainAFamilyAndLoseNone() {
    NetworkConfiguration ipv4 =
        NetworkConfigurationParser.parse(Map.of("clusterCidrs", List.of("10.0.0.0/20")));
    NetworkConfiguration both =
        NetworkConfigurationParser.parse(
            Map.of("clusterCidrs", List.of("fd00::/60", "10.0.0.0/20"), "podCidrLengthIpv6", 68));
    ClusterState state =
        applied(ClusterState.empty(ipv4), new Command.ClaimPodCidrs(Sample.name(1), List.of()));
    state = applied(state, new Command.ChangeConfiguration(both));
    state = applied(state, new Command.ClaimPodCidrs(Sample.name(1), List.of()));
    assertThat(state.claims().get(Sample.name(1)))
        .containsExactly(Prefix.parse("10.0.0.0/24"), Prefix.parse("fd00::/68"));
    assertThat(refusal(state, new Command.ChangeConfiguration(ipv4)).code())
        .isEqualTo(ErrorCode.CONFLICT);
  }

  @Property(tries = 300)
  void noHistoryGivesABlockTwice(
      @ForAll @Size(max = 60) List<@IntRange(max = 368 * 4 - 1) Integer> steps) {
    ClusterState state = ClusterState.empty(SMALL);
    for (int step : steps) {
      ClusterState before = state;
      try {
        Transition transition = Transitions.apply(state, command(step));
        state = transition.next();
        assertThat(state.revision() - before.revision())
            .isEqualTo(transition.events().isEmpty() ? 0 : 1);
        assertThat(applied(state, command(step))).as("repeated").isEqualTo(state);
      } catch (NaruException refused) {
        assertThat(refused.code()).isIn(ErrorCode.CONFLICT, ErrorCode.EXHAUSTED);
      }
      List<Prefix> all = state.claims().values().stream().flatMap(List::stream).toList();
      for (int i = 0; i < all.size(); i++) {
        for (int j = 0; j < i; j++) {
          assertThat(all.get(i).overlaps(all.get(j))).as(all::toString).isFalse();
        }
      }
    }
  }

  @Example
  void everyBlockIsUsedBeforeNoneIsLeft() {
    ClusterState state = ClusterState.empty(SMALL);
    for (int i = 0; i < 16; i++) {
      state = applied(state, new Command.ClaimPodCidrs(Sample.name(i), List.of()));
    }
    assertThat(state.claims().get(Sample.name(15)))
        .containsExactly(Prefix.parse("10.0.15.0/24"), Prefix.parse("fd00:0:0:f::/64"));
    NaruException refused = refusal(state, new Command.ClaimPodCidrs(Sample.name(16), List.of()));
    assertThat(refused.code()).isEqualTo(ErrorCode.EXHAUSTED);
    assertThat(refused)
        .hasMessageContaining("of the 16 blocks")
        .hasMessageContaining("16 are taken")
        .hasMessageContaining("podCidrLengthIpv4");
    state = applied(state, new Command.WithdrawNode(Sample.name(7)));
    state = applied(state, new Command.ClaimPodCidrs(Sample.name(16), List.of()));
    assertThat(state.claims().get(Sample.name(16))).contains(Prefix.parse("10.0.7.0/24"));
  }

  @Example
  void aTokenLetsInUntilItExpires() {
    TokenRecord token = new TokenRecord("id", "hash", NOW.plusSeconds(60), 0);
    ClusterState state = applied(ClusterState.empty(SMALL), new Command.AddToken(token, NOW));
    assertThat(refusal(state, new Command.Join("id", "other", Sample.name(1), "key", NOW)).code())
        .isEqualTo(ErrorCode.NOT_AUTHENTICATED);
    assertThat(refusal(state, new Command.Join("no", "hash", Sample.name(1), "key", NOW)).code())
        .isEqualTo(ErrorCode.NOT_AUTHENTICATED);
    assertThat(
            refusal(
                state, new Command.Join("id", "hash", Sample.name(1), "key", NOW.plusSeconds(60))))
        .hasMessageContaining("expired");
    state = applied(state, new Command.Join("id", "hash", Sample.name(1), "key", NOW));
    state = applied(state, new Command.Join("id", "hash", Sample.name(1), "key", NOW));
    assertThat(state.tokens().get("id").uses()).isEqualTo(1);
    assertThat(refusal(state, new Command.Join("id", "hash", Sample.name(1), "new", NOW)).code())
        .isEqualTo(ErrorCode.CONFLICT);
    TokenRecord later = new TokenRecord("later", "hash", NOW.plusSeconds(900), 0);
    state = applied(state, new Command.AddToken(later, NOW.plusSeconds(60)));
    assertThat(state.tokens()).containsOnlyKeys("later");
  }
}

package io.naru.linux.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.error.NaruException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConntrackTest {
  @ParameterizedTest
  @EnumSource
  void aFlowIsTheOneThatASocketBegan(TrackedNamespace.Ends ends) throws IOException {
    try (TrackedNamespace tracked = new TrackedNamespace(ends, ends.toBackend(1))) {
      int port = tracked.sendFromNewSocket();

      assertThat(tracked.flows())
          .singleElement()
          .satisfies(
              flow -> {
                assertThat(flow.protocol()).isEqualTo(17);
                assertThat(flow.zone()).isZero();
                assertThat(flow.original())
                    .isEqualTo(new Tuple(ends.client(), ends.service(), port, 53));
                assertThat(flow.reply())
                    .isEqualTo(new Tuple(ends.backendAddress(1), ends.client(), 5353, port));
              });
      assertThat(tracked.flows(ends.family().other())).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void onlyTheFlowThatIsMeantIsForgotten(TrackedNamespace.Ends ends) throws IOException {
    try (TrackedNamespace tracked = new TrackedNamespace(ends, ends.toBackend(1))) {
      int kept = tracked.sendFromNewSocket();
      int ended = tracked.sendFromNewSocket();
      Flow flow = tracked.flowFrom(ended);

      assertThat(tracked.conntrack().delete(flow)).isTrue();
      assertThat(tracked.flows()).singleElement().isEqualTo(tracked.flowFrom(kept));
      assertThat(tracked.conntrack().delete(flow)).as("it is gone already").isFalse();
      assertThat(tracked.flows()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNewerFlowBetweenTheSameEndsIsSpared(TrackedNamespace.Ends ends) throws IOException {
    try (TrackedNamespace tracked = new TrackedNamespace(ends, ends.toBackend(1))) {
      int port = tracked.sendFromNewSocket();
      Flow old = tracked.flowFrom(port);
      assertThat(tracked.conntrack().delete(old)).isTrue();
      tracked.translate(ends.toBackend(2));
      tracked.sendAgain();
      Flow newer = tracked.flowFrom(port);

      assertThat(newer.original()).isEqualTo(old.original());
      assertThat(newer.reply().source()).isEqualTo(ends.backendAddress(2));
      assertThat(tracked.conntrack().delete(old)).isFalse();
      assertThat(tracked.flows()).containsExactly(newer);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFlowOfAZoneIsFoundAndForgotten(TrackedNamespace.Ends ends) throws IOException {
    for (String direction :
        List.of("ct zone set 7", "ct reply zone set 7", "ct original zone set 7")) {
      try (TrackedNamespace tracked = new TrackedNamespace(ends, "accept")) {
        tracked.beforeTracking(direction);
        Flow flow = tracked.flowFrom(tracked.sendFromNewSocket());

        assertThat(flow.zone()).as(direction).isEqualTo(direction.contains("original") ? 0 : 7);
        assertThat(tracked.conntrack().delete(flow)).as(direction).isTrue();
        assertThat(tracked.flows()).as(direction).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void otherProtocolsAreNotTold(TrackedNamespace.Ends ends) throws IOException {
    try (TrackedNamespace tracked = new TrackedNamespace(ends, "accept")) {
      tracked.connect();
      int port = tracked.sendFromNewSocket();

      assertThat(tracked.flows(ends.family(), 6, true))
          .singleElement()
          .satisfies(flow -> assertThat(flow.protocol()).isEqualTo(6));
      assertThat(tracked.flows())
          .as("the kernel filters")
          .singleElement()
          .isEqualTo(tracked.flowFrom(port));
      assertThat(tracked.flows(ends.family(), 17, false))
          .as("a kernel that cannot")
          .isEqualTo(tracked.flows());
    }
  }

  @ParameterizedTest
  @EnumSource
  void flowsAreForgottenWhileOthersAreTold(TrackedNamespace.Ends ends) throws IOException {
    try (TrackedNamespace tracked = new TrackedNamespace(ends, "accept")) {
      for (int i = 0; i < 300; i++) {
        int _ = tracked.sendFromNewSocket();
      }
      List<Flow> told = new ArrayList<>();
      tracked
          .conntrack()
          .forEach(
              ends.family(),
              17,
              flow -> {
                told.add(flow);
                assertThat(tracked.conntrack().delete(flow)).isTrue();
              });
      assertThat(told).hasSize(300);
      assertThat(tracked.flows()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConsumerThatFailsLeavesNothingBehind(TrackedNamespace.Ends ends) throws IOException {
    try (TrackedNamespace tracked = new TrackedNamespace(ends, "accept")) {
      for (int i = 0; i < 300; i++) {
        int _ = tracked.sendFromNewSocket();
      }
      Conntrack conntrack = tracked.conntrack();
      assertThatThrownBy(
              () ->
                  conntrack.forEach(
                      ends.family(), 17, flow -> conntrack.forEach(ends.family(), 17, f -> {})))
          .isInstanceOf(NaruException.class)
          .hasMessageContaining("while it handed on");
      assertThat(tracked.flows()).hasSize(300);
    }
  }
}

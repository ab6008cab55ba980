package io.naru.core.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LostPodsTest {
  private static final String UUID = "1cfe7609-5a62-19b5-aec3-6495ef2196f5";
  private static final long PATIENCE = Duration.ofSeconds(30).toNanos();
  private static final PodAttachment POD = pod("a", "/run/netns/netns-" + UUID);
  private static final PodAttachment OTHER = pod("b", "/var/run/netns/cni-" + UUID);

  private final LostPods lost = new LostPods(Duration.ofNanos(PATIENCE), false);

  private static PodAttachment pod(String id, String netns) {
    AttachmentKey key = new AttachmentKey(id, "eth0");
    return new PodAttachment(
        key,
        "naru",
        netns,
        List.of(IpAddress.parse("10.244.1.2")),
        List.of(IpAddress.parse("10.244.1.1")),
        HostEnd.name(key, name -> false),
        HostEnd.hostMac(key),
        HostEnd.podMac(key),
        1450,
        Instant.EPOCH,
        Map.of());
  }

  @Test
  void aPodWithoutAProcessForSoLongIsLost() {
    assertThat(lost.observe(Map.of(POD, false, OTHER, true), 5)).isEmpty();
    assertThat(lost.observe(Map.of(POD, false, OTHER, true), 4 + PATIENCE)).isEmpty();
    assertThat(lost.observe(Map.of(POD, false, OTHER, true), 5 + PATIENCE)).containsExactly(POD);
  }

  @Test
  void aProcessInBetweenBeginsTheWaitAnew() {
    assertThat(lost.observe(Map.of(POD, false), 0)).isEmpty();
    assertThat(lost.observe(Map.of(POD, true), 1)).isEmpty();
    assertThat(lost.observe(Map.of(POD, false), PATIENCE)).isEmpty();
    assertThat(lost.observe(Map.of(POD, false), 2 * PATIENCE)).containsExactly(POD);
  }

  @Test
  void aNamespaceThatCannotBeLookedAtBeginsTheWaitAnew() {
    assertThat(lost.observe(Map.of(POD, false, OTHER, true), 0)).isEmpty();
    assertThat(lost.observe(Map.of(), PATIENCE)).isEmpty();
    assertThat(lost.observe(Map.of(POD, false), PATIENCE + 1)).isEmpty();
  }

  @Test
  void whoNeverSawAProcessInAPodBelievesNothing() {
    assertThat(lost.observe(Map.of(POD, false, OTHER, false), 0)).isEmpty();
    assertThat(lost.observe(Map.of(POD, false, OTHER, false), 9 * PATIENCE)).isEmpty();
    assertThat(lost.observe(Map.of(POD, false, OTHER, true), 10 * PATIENCE)).containsExactly(POD);
  }

  @Test
  void whoSeesEveryProcessNeedsNoProof() {
    LostPods certain = new LostPods(Duration.ofNanos(PATIENCE), true);
    assertThat(certain.observe(Map.of(POD, false), 0)).isEmpty();
    assertThat(certain.observe(Map.of(POD, false), PATIENCE)).containsExactly(POD);
  }

  @ParameterizedTest
  @CsvSource({
    "/run/netns/netns-1cfe7609-5a62-19b5-aec3-6495ef2196f5, true",
    "/var/run/netns/cni-1cfe7609-5a62-19b5-aec3-6495ef2196f5, true",
    "/var/run/netns/1cfe7609-5a62-19b5-aec3-6495ef2196f5, false", // CRI-O: may have no process
    "/run/netns/cni-1cfe7609-5a62-19b5-aec3-6495ef2196f5-mine, false",
    "/run/netns/cni-mine, false",
    "/run/netns/naru-pod-a, false",
    "/proc/17/ns/net, false",
  })
  void onlyNamespacesThatARuntimeMadeAreJudged(String netns, boolean judged) {
    assertThat(LostPods.isJudged(pod("a", netns))).isEqualTo(judged);
  }
}

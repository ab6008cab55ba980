package io.naru.agent.cni;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.error.NaruException;
import io.naru.core.pod.AttachmentKey;
import io.naru.core.pod.HostEnd;
import io.naru.core.pod.PodAttachment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Attaches without a kernel, and remembers what it was asked. */
final class RecordingService implements AttachmentService {
  NamesAnswered names = NamesAnswered.NOWHERE;
  final List<String> calls = new ArrayList<>();
  List<String> differences = List.of();
  List<Integer> tables = List.of(254, 254);
  Optional<NaruException> failure = Optional.empty();

  static PodAttachment attachment(
      AttachmentKey key, String network, String netns, Map<String, String> arguments) {
    return new PodAttachment(
        key,
        network,
        netns,
        List.of(IpAddress.parse("10.244.1.2"), IpAddress.parse("fd00:1::2")),
        List.of(IpAddress.parse("10.244.1.1"), IpAddress.parse("fd00:1::1")),
        HostEnd.name(key, taken -> false),
        HostEnd.hostMac(key),
        HostEnd.podMac(key),
        1450,
        Instant.EPOCH,
        arguments);
  }

  private void record(String call) {
    calls.add(call);
    failure.ifPresent(
        e -> {
          throw e;
        });
  }

  @Override
  public PodAttachment add(AttachmentWish wish) {
    record(
        "add "
            + wish.key()
            + " "
            + wish.network()
            + " "
            + wish.netnsPath()
            + " "
            + wish.addresses()
            + " "
            + wish.mac().map(MacAddress::toString).orElse("")
            + " "
            + wish.arguments());
    return attachment(wish.key(), wish.network(), wish.netnsPath(), wish.arguments())
        .withRouteTables(tables);
  }

  @Override
  public void delete(AttachmentKey key) {
    record("delete " + key);
  }

  @Override
  public List<String> check(AttachmentKey key, String netnsPath, Expectation expected) {
    record("check " + key + " " + netnsPath + " " + expected.addresses());
    return differences;
  }

  @Override
  public void collect(String network, Set<AttachmentKey> valid) {
    record("collect " + network + " " + valid);
  }

  @Override
  public NamesAnswered names() {
    return names;
  }

  @Override
  public void status() {
    record("status");
  }
}

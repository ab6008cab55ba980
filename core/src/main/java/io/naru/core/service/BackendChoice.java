package io.naru.core.service;

import io.naru.core.address.IpFamily;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which backends get a new connection that a node has in hand. Kubernetes' rules: those that are
 * ready; where none is, those that terminate and still serve. Of these, the ones behind a path that
 * is known to be broken get none while another can be reached.
 */
public final class BackendChoice {
  private final BackendPlaces places;
  private final boolean avoidsBrokenPaths;

  /**
   * @param avoidsBrokenPaths whether paths matter at all
   */
  public BackendChoice(BackendPlaces places, boolean avoidsBrokenPaths) {
    this.places = places;
    this.avoidsBrokenPaths = avoidsBrokenPaths;
  }

  /** The places it was made with. */
  public BackendPlaces places() {
    return places;
  }

  /** Whether it chooses the same of every service. */
  public boolean isSameAs(BackendChoice other) {
    return avoidsBrokenPaths == other.avoidsBrokenPaths && places.isSameAs(other.places);
  }

  /** The chosen ones of a family, in the service's order. */
  public List<Backend> of(Service service, IpFamily family, TrafficPolicy policy) {
    List<Backend> candidates =
        service.backends().stream()
            .filter(backend -> backend.address().family() == family)
            .filter(backend -> isAllowed(backend, policy))
            .toList();
    List<Backend> serving =
        firstNotEmpty(
            candidates,
            backend -> isReady(service, backend),
            backend -> backend.state() == BackendState.TERMINATING);
    return avoidsBrokenPaths
        ? firstNotEmpty(serving, backend -> !places.isBroken(backend.address()), backend -> true)
        : serving;
  }

  private boolean isAllowed(Backend backend, TrafficPolicy policy) {
    return switch (policy) {
      case CLUSTER -> true;
      case LOCAL -> places.isLocal(backend.address());
    };
  }

  private static boolean isReady(Service service, Backend backend) {
    return switch (backend.state()) {
      case READY -> true;
      case TERMINATING -> false;
      case NOT_READY -> service.publishesNotReady();
    };
  }

  private static List<Backend> firstNotEmpty(
      List<Backend> of, Predicate<Backend> first, Predicate<Backend> second) {
    return Stream.of(first, second)
        .map(wanted -> of.stream().filter(wanted).toList())
        .filter(found -> !found.isEmpty())
        .findFirst()
        .orElse(List.of());
  }
}

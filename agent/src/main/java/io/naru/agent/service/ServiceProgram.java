package io.naru.agent.service;

import io.naru.core.collection.OrderedDifference;
import io.naru.core.service.BackendChoice;
import io.naru.core.service.BackendPlaces;
import io.naru.core.service.MapElement;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceElements;
import io.naru.core.service.ServiceElements.PickChainName;
import io.naru.core.service.ServiceName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * What the services' table holds, as the values it was made from: its elements are computed again
 * where they are needed, which costs less memory than to keep them. Used by one thread.
 */
final class ServiceProgram {
  /**
   * What is wanted of the table.
   *
   * @param services by name
   * @param choice which backends they may use
   * @param own elements that no service has, but the node
   */
  record Wish(SortedMap<ServiceName, Service> services, BackendChoice choice, Set<MapElement> own) {
    static final Wish NOTHING =
        new Wish(
            Collections.emptySortedMap(),
            new BackendChoice(BackendPlaces.NOWHERE, false),
            Set.of());

    Wish withServices(SortedMap<ServiceName, Service> others) {
      return new Wish(others, choice, own);
    }
  }

  /**
   * The way from what the table holds to what is wanted.
   *
   * @param chains that are to be there before the elements that lead to them
   * @param deleted elements that are no longer wanted
   * @param added elements that are to be there, after the others were deleted
   * @param before services that it changes, as they were
   * @param after services that it changes, as they shall be
   */
  record Change(
      List<PickChainName> chains,
      Set<MapElement> deleted,
      Set<MapElement> added,
      List<Service> before,
      List<Service> after) {
    /** How many elements it adds or deletes. */
    int elements() {
      return deleted.size() + added.size();
    }

    /** Whether a service was not there before. */
    boolean hasNew() {
      Set<ServiceName> known = new HashSet<>();
      before.forEach(service -> known.add(service.name()));
      return after.stream().anyMatch(service -> !known.contains(service.name()));
    }
  }

  private Wish held = Wish.NOTHING;
  private final Map<MapElement, Integer> shared = new HashMap<>();
  private final Set<String> chains = new HashSet<>();

  private final Map<MapElement, Integer> sharedDelta = new HashMap<>();
  private final Map<String, PickChainName> newChains = new LinkedHashMap<>();

  /** The table is empty now, but for what its own text says. */
  void emptied() {
    held = Wish.NOTHING;
    shared.clear();
    chains.clear();
  }

  /** The difference; nothing is remembered of it before it is {@link #done}. */
  Change toward(Wish wish) {
    sharedDelta.clear();
    newChains.clear();
    Set<MapElement> added = new LinkedHashSet<>();
    Set<MapElement> deleted = new LinkedHashSet<>();
    List<Service> was = new ArrayList<>();
    List<Service> shall = new ArrayList<>();
    OrderedDifference.Listener<ServiceName, Service> listener =
        (name, before, now) -> {
          ServiceElements old = before == null ? ServiceElements.NONE : elements(before, held);
          ServiceElements wanted = now == null ? ServiceElements.NONE : elements(now, wish);
          if (!old.equals(wanted)) {
            Optional.ofNullable(before).ifPresent(was::add);
            Optional.ofNullable(now).ifPresent(shall::add);
            compare(old, wanted, added, deleted);
          }
        };
    // Where the choice is another one, a service that did not change may have other elements.
    if (wish.choice().isSameAs(held.choice())) {
      OrderedDifference.forEach(held.services(), wish.services(), listener);
    } else {
      OrderedDifference.forAll(held.services(), wish.services(), listener);
    }
    addDifference(held.own(), wish.own(), added, deleted);
    sharedDelta.forEach(
        (element, delta) -> {
          int count = shared.getOrDefault(element, 0);
          if (count == 0 && delta > 0) {
            added.add(element);
          } else if (count > 0 && count + delta == 0) {
            deleted.add(element);
          }
        });
    return new Change(List.copyOf(newChains.values()), deleted, added, was, shall);
  }

  private static ServiceElements elements(Service service, Wish wish) {
    return ServiceElements.of(service, wish.choice());
  }

  private void compare(
      ServiceElements old, ServiceElements wanted, Set<MapElement> added, Set<MapElement> deleted) {
    addDifference(old.elements(), wanted.elements(), added, deleted);
    old.shared().forEach(element -> sharedDelta.merge(element, -1, Integer::sum));
    wanted.shared().forEach(element -> sharedDelta.merge(element, 1, Integer::sum));
    for (PickChainName chain : wanted.chains()) {
      if (!chains.contains(chain.name())) {
        newChains.put(chain.name(), chain);
      }
    }
  }

  private static void addDifference(
      Set<MapElement> old, Set<MapElement> wanted, Set<MapElement> added, Set<MapElement> deleted) {
    old.stream().filter(element -> !wanted.contains(element)).forEach(deleted::add);
    wanted.stream().filter(element -> !old.contains(element)).forEach(added::add);
  }

  /** Hands on each element that the table has, if it is as it was made. */
  void forEachElement(Consumer<MapElement> consumer) {
    held.own().forEach(consumer);
    shared.keySet().forEach(consumer);
    for (Service service : held.services().values()) {
      elements(service, held).elements().forEach(consumer);
    }
  }

  /** The kernel took the change that was computed last. */
  void done(Wish wish) {
    held = wish;
    chains.addAll(newChains.keySet());
    sharedDelta.forEach(
        (element, delta) ->
            shared.compute(
                element,
                (same, count) -> {
                  int now = (count == null ? 0 : count) + delta;
                  return now == 0 ? null : now;
                }));
    sharedDelta.clear();
    newChains.clear();
  }
}

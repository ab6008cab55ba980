package io.naru.store.engine;

import io.naru.channel.frame.Json;
import io.naru.store.state.StateEvent;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One change as it is sent to every watch.
 *
 * @param revision of the state it leads to
 * @param eventsJson the shared events as JSON, separated by commas; made once for all watches
 */
public record Change(long revision, String eventsJson) {
  static Change of(long revision, List<StateEvent> events) {
    return new Change(
        revision,
        events.stream()
            .filter(StateEvent.Shared.class::isInstance)
            .map(Json::write)
            .collect(Collectors.joining(",")));
  }
}

package io.naru.agent.service;

import io.naru.core.service.MapElement;
import io.naru.linux.netlink.Payload;
import io.naru.linux.nftables.SetElement;
import io.naru.linux.nftables.SetElement.Value;
import java.util.Collection;
import java.util.List;

/** Elements of the services' table in the kernel's form. */
final class KernelElements {
  private KernelElements() {}

  static List<SetElement> of(Collection<MapElement> elements) {
    return elements.stream().map(KernelElements::of).toList();
  }

  static SetElement of(MapElement element) {
    return new SetElement(element.map(), Payload.of(element.keyBytes()), value(element.value()));
  }

  private static Value value(MapElement.Value value) {
    return switch (value) {
      case MapElement.Value.Nothing() -> new Value.Nothing();
      case MapElement.Value.Chain(String name) -> new Value.Chain(name);
      case MapElement.Value.Drop() -> new Value.Drop();
      case MapElement.Value.Of of -> new Value.Bytes(Payload.of(of.datum().bytes()));
    };
  }
}

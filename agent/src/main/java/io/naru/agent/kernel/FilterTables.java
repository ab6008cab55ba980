package io.naru.agent.kernel;

import io.naru.core.address.IpAddress;
import io.naru.core.desired.FilterScript;
import io.naru.core.desired.HostFacts.ForeignChain;
import io.naru.core.error.NaruException;
import io.naru.core.state.KernelEntry;
import io.naru.core.state.KernelEntry.FilterElement;
import io.naru.core.state.KernelEntry.FilterTable;
import io.naru.core.state.KernelEntry.ForeignAccept;
import io.naru.linux.netlink.Payload;
import io.naru.linux.nftables.Nftables;
import io.naru.linux.nftables.NftablesNetlink;
import io.naru.linux.nftables.SetElement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Naru's nftables table, and its rules in other people's chains. What was read or written stays
 * true as long as the ruleset's generation does not move: a pass that finds nothing changed costs
 * one question to the kernel.
 */
public final class FilterTables implements AutoCloseable {
  /** Stands for what nobody could have asked for, so that the table is made anew. */
  private static final String ALTERED = "altered";

  /** A set in nft's listing of a table. */
  private static final Pattern SET = Pattern.compile("^\\s*set (\\S+) \\{", Pattern.MULTILINE);

  /**
   * What the kernel holds.
   *
   * @param entries our table and our accepts, without elements
   * @param elements of the sets of our table
   * @param dropping chains, not ours, that drop packets which no rule of theirs accepts
   */
  public record Reading(
      List<KernelEntry> entries, Set<FilterElement> elements, List<ForeignChain> dropping) {
    public Reading {
      entries = List.copyOf(entries);
      dropping = List.copyOf(dropping);
    }
  }

  private record Known(int generation, Reading reading) {}

  private final NftablesNetlink netlink;
  private final FilterRecord made;
  private @Nullable Known known;

  private FilterTables(NftablesNetlink netlink, Path runDirectory) {
    this.netlink = netlink;
    this.made = new FilterRecord(file(runDirectory));
  }

  /**
   * The tables of the calling thread's network namespace.
   *
   * @param runDirectory where is kept how our table looked when it was made
   */
  public static FilterTables open(Path runDirectory) {
    return new FilterTables(NftablesNetlink.open(), runDirectory);
  }

  /** The file in the run directory. */
  public static Path file(Path runDirectory) {
    return runDirectory.resolve("filters.json");
  }

  /** What there is of ours, and what of others matters to it. */
  public synchronized Reading read() {
    int generation = netlink.generation();
    if (known != null && known.generation() == generation) {
      return known.reading();
    }
    Reading reading = readAll();
    // A change in between may be in the one half of the reading and not in the other.
    known = netlink.generation() == generation ? new Known(generation, reading) : null;
    return reading;
  }

  private Reading readAll() {
    List<KernelEntry> entries = new ArrayList<>();
    List<ForeignChain> dropping = new ArrayList<>();
    Set<FilterElement> elements = new LinkedHashSet<>();
    Optional<String> fingerprint = Optional.empty();
    for (JsonNode item : NftListing.of("chains").path("nftables")) {
      JsonNode chain = item.path("chain");
      if (chain.isMissingNode()) {
        continue;
      }
      if (isOurs(chain)) {
        String name = chain.path("name").asString("");
        fingerprint =
            name.startsWith(FilterScript.FINGERPRINT_PREFIX)
                ? Optional.of(name.substring(FilterScript.FINGERPRINT_PREFIX.length()))
                : fingerprint.or(() -> Optional.of(""));
      } else {
        ForeignAccepts.of(chain)
            .ifPresent(
                foreign -> {
                  ForeignAccepts.read(foreign).ifPresent(entries::add);
                  if (ForeignAccepts.drops(chain)) {
                    dropping.add(foreign);
                  }
                });
      }
    }
    fingerprint.ifPresent(text -> entries.add(readTable(text, elements)));
    return new Reading(entries, elements, dropping);
  }

  private FilterTable readTable(String fingerprint, Set<FilterElement> elements) {
    String listing = Nftables.listWithoutElements("inet", FilterScript.TABLE);
    if (!made.isIntact(fingerprint, listing)) {
      // It is made anew, elements and all; what else is in it may be of any kind.
      return new FilterTable(FilterScript.TABLE, ALTERED, "");
    }
    Matcher sets = SET.matcher(listing);
    while (sets.find()) {
      String set = sets.group(1);
      netlink
          .elements(FilterScript.TABLE, set)
          .ifPresent(
              found ->
                  found.keySet().forEach(address -> elements.add(new FilterElement(set, address))));
    }
    return new FilterTable(FilterScript.TABLE, fingerprint, "");
  }

  private static boolean isOurs(JsonNode chain) {
    return chain.path("table").asString("").equals(FilterScript.TABLE)
        && chain.path("family").asString("").equals("inet");
  }

  /** Packets counted by each element of a set of ours. */
  public Map<IpAddress, Long> counted(String set) {
    return netlink.elements(FilterScript.TABLE, set).orElse(Map.of());
  }

  synchronized void put(FilterTable table) {
    known = null;
    int before = netlink.generation();
    Nftables.apply(table.script());
    String listing = Nftables.listWithoutElements("inet", FilterScript.TABLE);
    // Had somebody else been at work meanwhile, the listing may be of what they made of it.
    if (netlink.generation() == before + 1) {
      made.madeFrom(table.fingerprint(), listing);
    } else {
      made.forget();
    }
  }

  synchronized void remove(FilterTable table) {
    known = null;
    Nftables.deleteTable("inet", table.name());
  }

  synchronized void put(ForeignAccept accept) {
    known = null;
    ForeignAccepts.put(accept);
  }

  synchronized void remove(ForeignAccept accept) {
    known = null;
    ForeignAccepts.remove(accept);
  }

  /**
   * Puts and removes elements, all or none.
   *
   * @throws NaruException if the kernel refuses
   */
  synchronized void change(Set<FilterElement> put, Set<FilterElement> removed) {
    Known before = known;
    known = null;
    netlink.change(FilterScript.TABLE, elements(removed), elements(put));
    // One transaction moves the generation by one; had it moved further, others changed too.
    if (before != null && netlink.generation() == before.generation() + 1) {
      Set<FilterElement> elements = before.reading().elements();
      elements.addAll(put);
      elements.removeAll(removed);
      known = new Known(before.generation() + 1, before.reading());
    }
  }

  private static List<SetElement> elements(Set<FilterElement> elements) {
    return elements.stream()
        .map(
            each ->
                new SetElement(
                    each.set(),
                    Payload.of(each.element().toBytes()),
                    new SetElement.Value.Nothing()))
        .toList();
  }

  @Override
  public void close() {
    netlink.close();
  }
}

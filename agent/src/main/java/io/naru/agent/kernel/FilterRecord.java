package io.naru.agent.kernel;

import io.naru.channel.file.PrivateFile;
import io.naru.channel.frame.Json;
import io.naru.core.digest.Sha256;
import io.naru.core.error.NaruException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How nft listed our table right after it was made. The kernel writes rules in other words than
 * those they were made from, so that only a listing can be compared with a listing. The record is
 * kept in a file: an agent that starts anew sees what was altered while there was none.
 */
final class FilterRecord {
  private static final Logger LOG = LoggerFactory.getLogger(FilterRecord.class);

  /**
   * What is kept.
   *
   * @param fingerprint of the text the table was made from
   * @param listing digest of the listing
   */
  record Made(String fingerprint, String listing) {}

  private final Path file;
  private Optional<Made> made;

  FilterRecord(Path file) {
    this.file = file;
    this.made = load(file);
  }

  private static Optional<Made> load(Path file) {
    try {
      return PrivateFile.read(file).map(text -> Json.read(text, Made.class));
    } catch (NaruException unreadable) {
      LOG.warn("the nftables table is made anew: {}", unreadable.sentence());
      return Optional.empty();
    }
  }

  void madeFrom(String fingerprint, String listing) {
    made = Optional.of(new Made(fingerprint, Sha256.hex(listing)));
    try {
      PrivateFile.write(file, Json.write(made.get()));
    } catch (NaruException notSaved) {
      LOG.warn("the next agent will make the nftables table anew: {}", notSaved.sentence());
    }
  }

  /** The next reading will find the table altered, and have it made again. */
  void forget() {
    made = Optional.empty();
  }

  /** Whether a table that says it was made from that text still looks as it did then. */
  boolean isIntact(String fingerprint, String listing) {
    return made.equals(Optional.of(new Made(fingerprint, Sha256.hex(listing))));
  }
}

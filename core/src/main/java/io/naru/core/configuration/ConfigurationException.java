package io.naru.core.configuration;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with every mistake in it. */
public final class ConfigurationException extends NaruException {
  private static final long serialVersionUID = 1L;

  private final List<ConfigurationMistake> mistakes;

  /**
   * @param mistakes at least one
   */
  public ConfigurationException(List<ConfigurationMistake> mistakes) {
    super(ErrorCode.BAD_CONFIGURATION, message(mistakes));
    this.mistakes = List.copyOf(mistakes);
  }

  private static String message(List<ConfigurationMistake> mistakes) {
    String title =
        mistakes.size() == 1
            ? "the network configuration has a mistake:"
            : "the network configuration has " + mistakes.size() + " mistakes:";
    return mistakes.stream()
        .map(mistake -> "  " + mistake)
        .collect(Collectors.joining("\n", title + "\n", ""));
  }

  /** Every mistake, in the order of the checks. */
  public List<ConfigurationMistake> mistakes() {
    return mistakes;
  }
}

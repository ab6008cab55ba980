package io.naru.core.text;

import java.util.regex.Pattern;

/**
 * Text without what commands a terminal. Control characters do, also those from U+0080 on (ECMA-48,
 * U+009B begins a sequence like ESC [ does), and characters of no width or of the other direction
 * make it look like another text.
 */
public final class Printable {
  private static final String IN_PLACE = "?";
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\u2028\\u2029&&[^\\n]]");
  private static final Pattern IN_A_LINE = Pattern.compile("[\\p{C}\\u2028\\u2029]");

  /** But for our own colours: ESC [, one number, m. */
  private static final Pattern NOT_OURS =
      Pattern.compile("(?!\\u001b\\[\\d{1,2}m)[\\p{C}\\u2028\\u2029&&[^\\n]]");

  private Printable() {}

  /** Text of several lines. */
  public static String text(String raw) {
    return UNPRINTABLE.matcher(raw).replaceAll(IN_PLACE);
  }

  /** A name or another word that must not begin a line of its own. */
  public static String line(String raw) {
    return IN_A_LINE.matcher(raw).replaceAll(IN_PLACE);
  }

  /** Text that is all ours but for words from outside which {@link #line} has seen. */
  public static String coloured(String ours) {
    return NOT_OURS.matcher(ours).replaceAll(IN_PLACE);
  }
}

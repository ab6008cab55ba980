package io.naru.dns.zone;

import java.util.Locale;
import org.xbill.DNS.Name;

/** One label of a name. */
final class Label {
  private static final int LONGEST = 63;

  private Label() {}

  /** The labels of a name that are not of the domain it is below, in small letters. */
  static String[] below(Name name, Name domain) {
    String[] labels = new String[name.labels() - domain.labels()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = name.getLabelString(i).toLowerCase(Locale.ROOT);
    }
    return labels;
  }

  /** Whether it can name a service, a namespace or a host: RFC 1123, small letters. */
  static boolean isHostname(String label) {
    int length = label.length();
    if (length == 0 || length > LONGEST || label.charAt(0) == '-') {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = label.charAt(i);
      if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-') {
        return false;
      }
    }
    return label.charAt(length - 1) != '-';
  }
}

package io.naru.dns.zone;

import java.util.Locale;
import org.xbill.DNS.Name;

/** One label of a name. */
final class Label {
  private Label() {}

  /** The labels of a name that are not of the domain it is below, in small letters. */
  static String[] below(Name name, Name domain) {
    String[] labels = new String[name.labels() - domain.labels()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = name.getLabelString(i).toLowerCase(Locale.ROOT);
    }
    return labels;
  }
}

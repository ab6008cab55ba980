package io.naru.channel.identity;

import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The names in a node's certificate. */
public final class CertificateNames {
  /** Type of a DNS name among the subject's alternative names (RFC 5280, 4.2.1.6). */
  private static final int DNS_NAME = 2;

  private CertificateNames() {}

  /** The node it was issued to. */
  public static NodeName nodeName(X509Certificate certificate) {
    String subject = certificate.getSubjectX500Principal().getName();
    if (!subject.startsWith("CN=") || subject.indexOf(',') >= 0) {
      throw new NaruException(
          ErrorCode.NOT_AUTHENTICATED, "the certificate's subject '" + subject + "' is no node");
    }
    return new NodeName(subject.substring(3));
  }

  /** Every name its holder may answer to. */
  public static List<String> all(X509Certificate certificate) {
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      List<String> names = new ArrayList<>();
      if (alternatives != null) {
        for (List<?> alternative : alternatives) {
          if (alternative.get(0).equals(DNS_NAME)) {
            names.add(String.valueOf(alternative.get(1)));
          }
        }
      }
      return List.copyOf(names);
    } catch (CertificateParsingException e) {
      throw new NaruException(
          ErrorCode.NOT_AUTHENTICATED, "the certificate's names cannot be read", e);
    }
  }
}

package io.naru.channel.identity;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;

/** Keys on the curve P-256 (FIPS 186-5), for ECDSA with SHA-256. */
final class EcKeys {
  static final String SIGNATURE = "SHA256withECDSA";

  private EcKeys() {}

  static KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), new SecureRandom());
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new NaruException(ErrorCode.UNSUPPORTED, "this Java cannot make P-256 keys", e);
    }
  }

  static boolean isP256(PublicKey key) {
    return key instanceof ECPublicKey ec && ec.getParams().getOrder().bitLength() == 256;
  }

  /** Whether a private key and a public one belong together. */
  static boolean match(PrivateKey secret, PublicKey open) throws GeneralSecurityException {
    byte[] probe = new byte[32];
    Signature signer = Signature.getInstance(SIGNATURE);
    signer.initSign(secret);
    signer.update(probe);
    byte[] signature = signer.sign();
    Signature verifier = Signature.getInstance(SIGNATURE);
    verifier.initVerify(open);
    verifier.update(probe);
    return verifier.verify(signature);
  }
}

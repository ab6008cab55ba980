package io.naru.linux.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KernelExceptionTest {
  @ParameterizedTest
  @EnumSource(Errno.class)
  void everyReasonIsASentenceAndKeepsItsNumber(Errno errno) {
    KernelException failure = new KernelException("try", errno.number(), "its words");

    assertThat(failure.errno()).isEqualTo(errno);
    assertThat(failure.sentence())
        .startsWith("cannot try: " + errno.sentence())
        .endsWith("the kernel says: its words");
  }

  @Test
  void aNumberThatIsNotListedIsToldAsItIs() {
    assertThat(new KernelException("try", 4711)).hasMessageContaining("errno 4711");
    assertThat(new KernelException("try", 1).code()).isEqualTo(ErrorCode.NOT_PERMITTED);
    assertThat(new KernelException("try", 95).code()).isEqualTo(ErrorCode.UNSUPPORTED);
  }

  @Test
  void theCLibrarysErrnoArrives() {
    assertThat(SystemCalls.close(-1)).isEqualTo(-Errno.EBADF.number());
    assertThat(SystemCalls.interfaceIndex("no-such-link")).isEqualTo(-Errno.ENODEV.number());
    assertThatThrownBy(() -> OwnedDescriptor.of(SystemCalls.open("/nosuch", 0, 0), "open /nosuch"))
        .isInstanceOf(KernelException.class)
        .hasMessage("cannot open /nosuch: it does not exist (ENOENT)");
  }
}

package io.naru.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import org.junit.jupiter.api.Test;

/** What reaches a terminal. */
class PrintableTest {
  @Test
  void nothingThatATerminalObeys() {
    assertThat(Printable.text("a\u001b[2Jb\u009b2Jc\u0007\r\u202ed\u200b\ne"))
        .isEqualTo("a?[2Jb?2Jc???d?\ne");
    assertThat(Printable.line("a\nb\u2028c")).isEqualTo("a?b?c");
  }

  @Test
  void ordinaryTextStays() {
    String text = "✓ Größe 한국어 → 🚢 100 %";
    assertThat(Printable.line(text)).isEqualTo(text);
  }

  @Test
  void ofSequencesOnlyOurColours() {
    String ours = "\u001b[31m✗\u001b[0m";
    assertThat(Printable.coloured(ours + "\u001b[2J\u009b31m\u001b]0;x\u0007\u001b[31;8m"))
        .isEqualTo(ours + "?[2J?31m?]0;x??[31;8m");
  }

  @Test
  void anErrorSaysNothingToTheTerminal() {
    assertThat(
            new NaruException(ErrorCode.BAD_INPUT, "the file \u009b2Jx is no capture").sentence())
        .isEqualTo("the file ?2Jx is no capture");
  }
}

package io.naru.doctor.verdict;

import java.util.Optional;

/** Recognises a fault by what became of the packets of one direction. */
interface DirectionRule {
  Optional<Symptom> symptom(Direction direction);
}

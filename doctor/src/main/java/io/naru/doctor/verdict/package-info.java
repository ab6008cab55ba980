/** From what two captures and the firewalls' rules say to verdicts: one small rule a file. */
@NullMarked
package io.naru.doctor.verdict;

import org.jspecify.annotations.NullMarked;

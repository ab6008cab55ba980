/** A report of the doctor as text for people. */
@NullMarked
package io.naru.doctor.report;

import org.jspecify.annotations.NullMarked;

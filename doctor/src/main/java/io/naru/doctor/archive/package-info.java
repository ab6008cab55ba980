/** Archives: tar, read as a stream and with bounds. */
@NullMarked
package io.naru.doctor.archive;

import org.jspecify.annotations.NullMarked;

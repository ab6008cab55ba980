/** Other networks' kernels: what a look at one shows, and what many looks say together; pure. */
@NullMarked
package io.naru.doctor.peer;

import org.jspecify.annotations.NullMarked;

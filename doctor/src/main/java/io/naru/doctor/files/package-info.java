/**
 * What files alone tell of a broken path: captures, security groups, firewalls, archives of those.
 */
@NullMarked
package io.naru.doctor.files;

import org.jspecify.annotations.NullMarked;

/** The object store over the AWS SDK: any store that speaks S3. */
@org.jspecify.annotations.NullMarked
package io.darkroom.s3;

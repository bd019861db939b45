/** The object store on the AWS SDK, for any store with the S3 API. */
@org.jspecify.annotations.NullMarked
package io.darkroom.s3;

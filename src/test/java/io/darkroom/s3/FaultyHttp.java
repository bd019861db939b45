package io.darkroom.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;

/** A real HTTP client that injects network faults, once or always. */
final class FaultyHttp implements SdkHttpClient {
  private final SdkHttpClient line = Apache5HttpClient.create();
  private final List<SdkHttpRequest> puts = new ArrayList<>();
  private int gets;
  private boolean loseNextAnswer;
  private boolean breakNextGet;
  private boolean flipBits;

  FaultyHttp losingTheAnswerToThePut() {
    loseNextAnswer = true;
    return this;
  }

  FaultyHttp breakingOffTheFirstGet() {
    breakNextGet = true;
    return this;
  }

  FaultyHttp flippingABitOfEveryPut() {
    flipBits = true;
    return this;
  }

  List<SdkHttpRequest> puts() {
    return puts;
  }

  int gets() {
    return gets;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    SdkHttpMethod method = request.httpRequest().method();
    if (method == SdkHttpMethod.PUT) {
      puts.add(request.httpRequest());
    }
    ExecutableHttpRequest real =
        line.prepareRequest(method == SdkHttpMethod.PUT && flipBits ? flipped(request) : request);
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        HttpExecuteResponse answer = real.call();
        if (method == SdkHttpMethod.PUT && loseNextAnswer) {
          loseNextAnswer = false;
          throw new IOException("the line went dead");
        }
        return method == SdkHttpMethod.GET ? counted(answer) : answer;
      }

      @Override
      public void abort() {
        real.abort();
      }
    };
  }

  @Override
  public void close() {
    line.close();
  }

  private HttpExecuteResponse counted(HttpExecuteResponse answer) {
    gets++;
    if (!breakNextGet) {
      return answer;
    }
    breakNextGet = false;
    InputStream beginning =
        new SequenceInputStream(new ByteArrayInputStream(new byte[] {'a'}), new Dead());
    return HttpExecuteResponse.builder()
        .response(answer.httpResponse())
        .responseBody(AbortableInputStream.create(beginning))
        .build();
  }

  private static HttpExecuteRequest flipped(HttpExecuteRequest request) {
    ContentStreamProvider body = request.contentStreamProvider().orElseThrow();
    try (InputStream in = body.newStream()) {
      byte[] bytes = in.readAllBytes();
      bytes[0] ^= 1;
      return HttpExecuteRequest.builder()
          .request(request.httpRequest())
          .contentStreamProvider(ContentStreamProvider.fromByteArray(bytes))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Dead extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("the line went dead");
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      throw new IOException("the line went dead");
    }
  }
}

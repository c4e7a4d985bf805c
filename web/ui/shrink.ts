const longest = 1600; // enough to read a meter or a crack; a tenth of what the camera gives
const quality = 0.8;

function picture(file: Blob): Promise<HTMLImageElement> {
  return new Promise((done, failed) => {
    const url = URL.createObjectURL(file);
    const image = new Image();
    image.onload = () => {
      URL.revokeObjectURL(url);
      done(image);
    };
    image.onerror = () => {
      URL.revokeObjectURL(url);
      failed(new Error('not a picture'));
    };
    image.src = url;
  });
}

export function fitted(width: number, height: number, most: number = longest): { width: number; height: number } {
  const scale = Math.min(1, most / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Makes a photo small before it is sent or kept; what the browser can't draw goes as it is and the server decides. */
export async function shrink(file: Blob): Promise<Blob> {
  try {
    const image = await picture(file);
    const { width, height } = fitted(image.naturalWidth, image.naturalHeight);
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    canvas.getContext('2d')?.drawImage(image, 0, 0, width, height);
    const small = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality));
    return small && small.size < file.size ? small : file;
  } catch {
    return file;
  }
}

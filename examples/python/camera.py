"""A still picture before a camera, for machines that have none.

Every capture is framed a little differently, a little lighter or darker, and noisy: the same picture twice would
rightly be reported as a replay.
"""

import io
import random

from PIL import Image, ImageEnhance


class Camera:
    def __init__(self, picture, seed=0):
        self._image = Image.open(picture).convert("RGB")
        self._random = random.Random(seed)

    def capture(self):
        """Returns a JPEG."""
        width, height = self._image.size
        margin = min(width, height) // 25
        left, top = self._random.randint(0, margin), self._random.randint(0, margin)
        frame = self._image.crop((left, top, left + width - margin, top + height - margin))
        frame = ImageEnhance.Brightness(frame).enhance(self._random.uniform(0.95, 1.05))
        noise = Image.effect_noise(frame.size, 12).convert("RGB")
        frame = Image.blend(frame, noise, 0.03)
        jpeg = io.BytesIO()
        frame.save(jpeg, "JPEG", quality=self._random.randint(82, 92))
        return jpeg.getvalue()

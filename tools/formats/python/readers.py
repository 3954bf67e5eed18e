"""Reads what src/formats writes with programs that others wrote.

usage: readers.py FOLDER

FOLDER holds a folder for each format, with what was written, and expected.json: the masks that must come out. Prints a line of JSON for
each check: {"check": ..., "result": "passed" | "skipped" | "failed", "why": ...}. A check whose program is not installed is skipped.
"""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import traceback
from pathlib import Path

ROOT = Path(sys.argv[1])
CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


class Expected:
    """The masks of the clip: whole[frame][object], and maps of ids in which the upper object has what two share."""

    def __init__(self):
        import numpy as np

        about = json.loads((ROOT / "expected.json").read_text())
        self.width, self.height = about["width"], about["height"]
        self.objects = about["objects"]
        self.names = about["frames"]
        self.whole = [
            {int(key): self._mask(np, rle) for key, rle in frame.items()} for frame in about["masks"]
        ]

    def _mask(self, np, rle):
        mask = np.zeros(self.width * self.height, dtype=np.uint8)
        at = 0
        for i, run in enumerate(rle["counts"]):
            if i % 2:
                mask[at : at + run] = 1
            at += run
        return mask.reshape(self.width, self.height).T

    def id_map(self, frame, values=lambda id: id):
        import numpy as np

        result = np.zeros((self.height, self.width), dtype=np.int32)
        for about in self.objects:
            mask = self.whole[frame].get(about["id"])
            if mask is not None:
                result[mask == 1] = values(about["id"])
        return result

    def pictures(self, folder):
        """Black pictures where the programs want to see them."""
        from PIL import Image

        folder.mkdir(parents=True, exist_ok=True)
        for name in self.names:
            Image.new("RGB", (self.width, self.height)).save(folder / f"{name}.jpg")


def same(a, b, what):
    import numpy as np

    if not np.array_equal(np.asarray(a), np.asarray(b)):
        raise AssertionError(f"{what}: the masks differ in {int((np.asarray(a) != np.asarray(b)).sum())} pixels")


def alike(a, b, what, least=0.9):
    import numpy as np

    a, b = np.asarray(a, dtype=bool), np.asarray(b, dtype=bool)
    union = (a | b).sum()
    iou = 1 if union == 0 else (a & b).sum() / union
    if iou < least:
        raise AssertionError(f"{what}: the masks have an IoU of {iou:.3f} only")


def check_id_maps(folder):
    import numpy as np
    from PIL import Image

    expected = Expected()
    for frame, name in enumerate(expected.names):
        with Image.open(folder / f"{name}.png") as image:
            assert image.mode == "P", image.mode
            assert image.size == (expected.width, expected.height), image.size
            assert image.getpalette()[3:9] == [128, 0, 0, 0, 128, 0], "the palette is not that of DAVIS"
            same(np.array(image), expected.id_map(frame), name)
    assert len(list(folder.iterdir())) == len(expected.names)


@check
def pillow_davis():
    check_id_maps(ROOT / "davis/Annotations/swan")


@check
def pillow_youtube_vos():
    check_id_maps(ROOT / "youtube-vos/Annotations/swan")
    expected = Expected()
    objects = json.loads((ROOT / "youtube-vos/meta.json").read_text())["videos"]["swan"]["objects"]
    for about in expected.objects:
        entry = objects[str(about["id"])]
        assert entry["category"] == about["category"]
        seen = [name for frame, name in enumerate(expected.names) if expected.whole[frame].get(about["id"]) is not None]
        assert entry["frames"] == seen, entry["frames"]


@check
def vos_benchmark_davis():
    from vos_benchmark.benchmark import benchmark

    for format in ("davis", "youtube-vos"):
        truth = ROOT / format / "Annotations"
        masks = ROOT / format / "copy"
        shutil.copytree(truth, masks)
        jf, j, f, _ = benchmark(
            [str(truth)], [str(masks)], strict=True, num_processes=1, verbose=False, skip_first_and_last=False
        )
        assert (jf[0], j[0], f[0]) == (100, 100, 100), (jf, j, f)


def coco_masks(path):
    from pycocotools.coco import COCO

    coco = COCO(str(path))
    expected = Expected()
    images = sorted(coco.loadImgs(coco.getImgIds()), key=lambda image: image["frame_index"])
    assert [Path(image["file_name"]).stem for image in images] == expected.names
    for frame, image in enumerate(images):
        annotations = coco.loadAnns(coco.getAnnIds(imgIds=image["id"]))
        assert sorted(each["track_id"] for each in annotations) == sorted(expected.whole[frame])
        for each in annotations:
            category = coco.loadCats(each["category_id"])[0]["name"]
            about = next(about for about in expected.objects if about["id"] == each["track_id"])
            assert category == about["category"]
            yield each, coco.annToMask(each), expected.whole[frame][each["track_id"]]


@check
def pycocotools_coco():
    from pycocotools import mask as mask_tools

    for each, mask, truth in coco_masks(ROOT / "coco/swan.json"):
        same(mask, truth, each["id"])
        assert each["area"] == mask_tools.area(each["segmentation"]) == truth.sum()
        assert each["bbox"] == mask_tools.toBbox(each["segmentation"]).tolist()


@check
def pycocotools_coco_polygons():
    for each, mask, truth in coco_masks(ROOT / "coco-polygons/swan.json"):
        alike(mask, truth, each["id"], 0.95)


@check
def supervision_coco():
    import supervision

    expected = Expected()
    pictures = ROOT / "coco/pictures"
    expected.pictures(pictures)
    for folder, least in (("coco", 1), ("coco-polygons", 0.8)):
        data = supervision.DetectionDataset.from_coco(
            images_directory_path=str(pictures),
            annotations_path=str(ROOT / folder / "swan.json"),
            force_masks=True,
        )
        assert len(data) == len(expected.names)
        for path, _, detections in data:
            frame = expected.names.index(Path(path).stem)
            truths = [expected.whole[frame][about["id"]] for about in expected.objects if about["id"] in expected.whole[frame]]
            assert len(detections) == len(truths)
            for mask, truth in zip(detections.mask if truths else [], truths):
                alike(mask, truth, path, least)


@check
def trackeval_youtube_vis():
    from pycocotools import mask as mask_tools
    from trackeval.datasets import YouTubeVIS
    import trackeval

    expected = Expected()
    home = ROOT / "youtube-vis/home"
    truth = home / "gt/youtube_vis_val"
    found = home / "trackers/youtube_vis_val/masklet/data"
    truth.mkdir(parents=True)
    found.mkdir(parents=True)
    data = json.loads((ROOT / "youtube-vis/swan.json").read_text())
    (truth / "swan.json").write_text(json.dumps(data))
    for each in data["annotations"]:
        each["score"] = 1.0
        each["segmentations"] = [
            rle and {"size": rle["size"], "counts": mask_tools.frPyObjects(rle, *rle["size"])["counts"].decode()}
            for rle in each["segmentations"]
        ]
    (found / "swan.json").write_text(json.dumps(data["annotations"]))
    dataset = YouTubeVIS(
        {
            **YouTubeVIS.get_default_dataset_config(),
            "GT_FOLDER": f"{home}/gt/",
            "TRACKERS_FOLDER": f"{home}/trackers/",
            "SPLIT_TO_EVAL": "val",
            "PRINT_CONFIG": False,
        }
    )
    raw = dataset.get_raw_seq_data("masklet", dataset.seq_list[0])
    for frame in range(len(expected.names)):
        ids = [int(id) for id in raw["gt_ids"][frame]]
        assert sorted(ids) == sorted(expected.whole[frame]), (frame, ids)
        for id, rle in zip(ids, raw["gt_dets"][frame]):
            same(mask_tools.decode(rle), expected.whole[frame][id], f"frame {frame}, object {id}")
    metric = trackeval.metrics.HOTA()
    for name in {about["category"] for about in expected.objects}:
        result = metric.eval_sequence(dataset.get_preprocessed_seq_data(raw, name))
        assert result["HOTA"].min() > 0.999, result["HOTA"]


@check
def trackeval_mots():
    from pycocotools import mask as mask_tools
    from trackeval.datasets import KittiMOTS
    import trackeval

    expected = Expected()
    home = ROOT / "mots-txt/home"
    truth = home / "gt/label_02"
    found = home / "trackers/masklet/data"
    for folder in (truth, found):
        folder.mkdir(parents=True)
        shutil.copy(ROOT / "mots-txt/instances_txt/swan.txt", folder / "swan.txt")
    dataset = KittiMOTS(
        {
            **KittiMOTS.get_default_dataset_config(),
            "GT_FOLDER": str(home / "gt"),
            "TRACKERS_FOLDER": str(home / "trackers"),
            "SEQ_INFO": {"swan": len(expected.names)},
            "PRINT_CONFIG": False,
        }
    )
    raw = dataset.get_raw_seq_data("masklet", "swan")
    for frame in range(len(expected.names)):
        map = expected.id_map(frame)
        for id, rle in zip(raw["gt_ids"][frame], raw["gt_dets"][frame]):
            same(mask_tools.decode(rle), map == id % 1000, f"frame {frame}, object {id}")
    for name in ("car", "pedestrian"):
        result = trackeval.metrics.HOTA().eval_sequence(dataset.get_preprocessed_seq_data(raw, name))
        assert result["HOTA"].min() > 0.999, result["HOTA"]


@check
def pillow_mots():
    import numpy as np
    from PIL import Image

    expected = Expected()
    classes = {"car": 1, "pedestrian": 2, "bird": 3}
    values = {about["id"]: classes[about["category"]] * 1000 + about["id"] for about in expected.objects}
    for frame in range(len(expected.names)):
        with Image.open(ROOT / f"mots-png/instances/swan/{frame:06}.png") as image:
            same(np.array(image), expected.id_map(frame, values.get), frame)


@check
def supervision_yolo():
    import numpy as np
    import supervision

    expected = Expected()
    pictures = ROOT / "yolo/images"
    expected.pictures(pictures)
    data = supervision.DetectionDataset.from_yolo(
        images_directory_path=str(pictures),
        annotations_directory_path=str(ROOT / "yolo/labels"),
        data_yaml_path=str(ROOT / "yolo/data.yaml"),
        force_masks=True,
    )
    assert data.classes == list(dict.fromkeys(about["category"] for about in expected.objects)), data.classes
    for path, _, detections in data:
        frame = expected.names.index(Path(path).stem)
        for number, name in enumerate(data.classes):
            empty = np.zeros((expected.height, expected.width), dtype=bool)
            masks = [mask for mask, each in zip(detections.mask if len(detections) else [], detections.class_id) if each == number]
            of_class = [expected.whole[frame].get(about["id"]) for about in expected.objects if about["category"] == name]
            truths = [truth for truth in of_class if truth is not None]
            alike(np.any([empty, *masks], axis=0), np.any([empty, *truths], axis=0), path, 0.8)


@check
def datumaro_cvat():
    import numpy as np
    from datumaro.components.annotation import AnnotationType
    from datumaro.components.dataset import Dataset
    from pycocotools import mask as mask_tools

    expected = Expected()
    data = Dataset.import_from(str(ROOT / "cvat-polygons"), "cvat")
    labels = [label.name for label in data.categories()[AnnotationType.label].items]
    assert labels == list(dict.fromkeys(about["category"] for about in expected.objects)), labels
    frames = {item.attributes["frame"]: item for item in data}
    for frame in range(len(expected.names)):
        found = {}
        for each in frames[frame].annotations if frame in frames else []:
            if each.type != AnnotationType.polygon or each.attributes.get("outside"):
                continue
            rles = mask_tools.frPyObjects([each.points], expected.height, expected.width)
            mask = mask_tools.decode(rles)[..., 0].astype(bool)
            found[each.group] = found.get(each.group, np.zeros_like(mask)) | mask
        assert sorted(found) == sorted(expected.whole[frame]), (frame, sorted(found))
        for id, mask in found.items():
            alike(mask, expected.whole[frame][id], f"frame {frame}, object {id}", 0.95)


@check
def cvat_masks():
    """datumaro reads no masks in tracks. What CVAT itself does with `rle`: cvat/apps/dataset_manager, rle of the box, row by row."""
    import numpy as np
    from defusedxml import ElementTree

    expected = Expected()
    found = [{} for _ in expected.names]
    for track in ElementTree.parse(ROOT / "cvat/annotations.xml").getroot().iter("track"):
        shapes = list(track)
        first, rest = shapes[0], shapes[1:]
        assert first.get("outside") == "0" and [each.get("outside") for each in rest] in ([], ["1"])
        left, top, width, height = (int(first.get(name)) for name in ("left", "top", "width", "height"))
        runs = [int(run) for run in first.get("rle").split(",")]
        pixels = np.concatenate([np.full(run, i % 2, dtype=np.uint8) for i, run in enumerate(runs)])
        mask = np.zeros((expected.height, expected.width), dtype=np.uint8)
        mask[top : top + height, left : left + width] = pixels.reshape(height, width)
        found[int(first.get("frame"))][int(track.get("group_id"))] = mask
    for frame, masks in enumerate(found):
        assert sorted(masks) == sorted(expected.whole[frame])
        for id, mask in masks.items():
            same(mask, expected.whole[frame][id], f"frame {frame}, object {id}")


@check
def labelme_masks():
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from labelme._label_file import read_label_file
    from labelme import utils

    expected = Expected()
    folder = ROOT / "labelme/swan"
    expected.pictures(folder)
    for frame, name in enumerate(expected.names):
        data = read_label_file(str(folder / f"{name}.json"))
        assert sorted(shape["group_id"] for shape in data.shapes) == sorted(expected.whole[frame])
        for shape in data.shapes:
            about = next(about for about in expected.objects if about["id"] == shape["group_id"])
            assert (shape["label"], shape["description"]) == (about["category"], about["name"])
            classes, _ = utils.shapes_to_label((expected.height, expected.width), [shape], {shape["label"]: 1})
            same(classes, expected.whole[frame][shape["group_id"]], f"{name}, object {shape['group_id']}")


@check
def pycocotools_sav():
    from pycocotools import mask as mask_tools

    expected = Expected()
    data = json.loads((ROOT / "sav/swan_manual.json").read_text())
    assert data["masklet_num"] == len(data["masklet_id"]) == len(expected.objects)
    for frame, row in enumerate(data["masklet"]):
        for about, rle in zip(expected.objects, row):
            truth = expected.whole[frame].get(about["id"])
            mask = mask_tools.decode(rle)
            same(mask, truth if truth is not None else 0 * mask, f"frame {frame}, object {about['id']}")


@check
def pillow_sav_folders():
    import numpy as np
    from PIL import Image

    expected = Expected()
    for frame, name in enumerate(expected.names):
        for about in expected.objects:
            path = ROOT / f"sav-folders/Annotations_6fps/swan/{about['id'] - 1:03}/{name}.png"
            mask = np.array(Image.open(path)) > 0
            truth = expected.whole[frame].get(about["id"])
            same(mask, truth if truth is not None else 0 * mask, path)


def sequence_files(format, about):
    folder = ROOT / format / about["safe"]
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == [f"{about['safe']}.{i + 1:04}.png" for i in range(len(files))]
    return files


@check
def pillow_mattes_and_cut_outs():
    import numpy as np
    from PIL import Image

    expected = Expected()
    for about in expected.objects:
        for format, mode, white in (("matte", "L", 255), ("matte16", "I;16", 65535), ("cutout", "RGBA", 255)):
            for frame, file in enumerate(sequence_files(format, about)):
                with Image.open(file) as image:
                    assert image.mode == mode, image.mode
                    pixels = np.array(image)
                truth = expected.whole[frame].get(about["id"], np.zeros((expected.height, expected.width), np.uint8))
                alpha = pixels[..., 3] if mode == "RGBA" else pixels
                same(alpha, truth.astype(np.int32) * white, file)
                if mode == "RGBA":
                    # The test's frames are of one colour each, which alpha must not darken.
                    colour = np.array([200, frame, 50])
                    same(pixels[..., :3], truth[..., None] * colour, file)


@check
def ffmpeg_sequences():
    if shutil.which("ffprobe") is None:
        raise ImportError("ffprobe")
    expected = Expected()
    for about in expected.objects:
        for format, pixels in (("matte", "gray"), ("matte16", "gray16be"), ("cutout", "rgba")):
            path = ROOT / format / about["safe"] / f"{about['safe']}.%04d.png"
            entries = "stream=nb_read_frames,pix_fmt,width,height"
            command = ["ffprobe", "-v", "error", "-count_frames", "-show_entries", entries, "-of", "json", str(path)]
            stream = json.loads(subprocess.check_output(command))["streams"][0]
            assert stream["pix_fmt"] == pixels, stream
            assert (stream["width"], stream["height"]) == (expected.width, expected.height), stream
            assert int(stream["nb_read_frames"]) == len(expected.names), stream


for function in CHECKS:
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            function()
        result = {"result": "passed"}
    except ImportError as error:
        result = {"result": "skipped", "why": str(error)}
    except Exception:
        result = {"result": "failed", "why": said.getvalue()[-500:] + traceback.format_exc()}
    print(json.dumps({"check": function.__name__, **result}), flush=True)
